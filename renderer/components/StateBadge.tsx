// A state as shape, word and colour. The shapes are drawn, so that no font decides how they look.
import type { ReactNode } from 'react';
import { stateWords, type ShownState } from './state.ts';
import styles from './parts.module.css';

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.6, strokeLinecap: 'round' } as const;

const shapes: Record<ShownState, ReactNode> = {
  running: (
    <>
      <circle cx="6" cy="6" r="4.4" {...stroke} />
      <path d="M6 1.6a4.4 4.4 0 0 0 0 8.8z" fill="currentColor" />
    </>
  ),
  succeeded: <circle cx="6" cy="6" r="4.6" fill="currentColor" />,
  queued: <circle cx="6" cy="6" r="4.2" {...stroke} />,
  waiting: <circle cx="6" cy="6" r="4.2" {...stroke} strokeDasharray="1.9 2.5" />,
  retrying: <path d="M10 6a4 4 0 1 1-1.4-3.05M8.9.9v2.4H6.5" {...stroke} strokeLinejoin="round" />,
  failed: <path d="M6 1.5 11 10.4H1z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />,
  handed_off: <path d="M1 6h6.6M5 3.2 7.8 6 5 8.8M10.6 2.4v7.2" {...stroke} strokeLinejoin="round" />,
  cancelled: <path d="m2.6 2.6 6.8 6.8m0-6.8-6.8 6.8" {...stroke} />,
  approval: <path d="M6 1.2 10.8 6 6 10.8 1.2 6z" {...stroke} strokeLinejoin="round" />,
  draft: <path d="M2 10l.5-2.3L8.4 1.8l1.8 1.8-5.9 5.9z" {...stroke} strokeWidth={1.3} strokeLinejoin="round" />,
  paused: <path d="M4 2.2v7.6M8 2.2v7.6" {...stroke} strokeWidth={2} />,
};

/** The shape alone, 12 px, in the state's colour. Give `label` where no word stands beside it. */
export function StateShape({ state, size = 12, label }: { state: ShownState; size?: number; label?: string }) {
  return (
    <svg
      className={styles.shape}
      data-state={state}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {shapes[state]}
    </svg>
  );
}

/** `<StateBadge state={shownState(task)} />`; `children` replaces the word ("Running · 8:12 of 15"). */
export function StateBadge({ state, children }: { state: ShownState; children?: ReactNode }) {
  return (
    <span className={styles.state} data-state={state}>
      <StateShape state={state} />
      {children ?? stateWords[state]}
    </span>
  );
}
