// Keeps a failing screen from taking the window with it.
import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { EmptyState } from '../components/layout.tsx';
import { StateShape } from '../components/StateBadge.tsx';

interface State {
  error: Error | null;
}

export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div role="alert" style={{ height: '100%', display: 'flex' }}>
        <EmptyState
          icon={<StateShape state="failed" size={22} />}
          title="This screen could not be drawn"
          actions={<Button onClick={() => this.setState({ error: null })}>Draw it again</Button>}
        >
          <p>Your work is safe: it is kept by the backend, not by this screen.</p>
          <p className="mono">{error.message}</p>
        </EmptyState>
      </div>
    );
  }
}
