// Usage.
import { EmptyState, PageHeader, Screen } from '../components/layout.tsx';

export function UsageScreen() {
  return (
    <Screen>
      <PageHeader title="Usage" />
      <EmptyState title="Nothing is here yet">This place is being built.</EmptyState>
    </Screen>
  );
}
