// Live operation.
import { EmptyState, PageHeader, Screen } from '../components/layout.tsx';

export function MetricsScreen() {
  return (
    <Screen>
      <PageHeader title="Live operation" />
      <EmptyState title="Nothing is here yet">This place is being built.</EmptyState>
    </Screen>
  );
}
