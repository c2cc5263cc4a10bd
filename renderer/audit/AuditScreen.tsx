// Audit.
import { EmptyState, PageHeader, Screen } from '../components/layout.tsx';

export function AuditScreen() {
  return (
    <Screen>
      <PageHeader title="Audit" />
      <EmptyState title="Nothing is here yet">This place is being built.</EmptyState>
    </Screen>
  );
}
