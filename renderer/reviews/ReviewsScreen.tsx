// Security reviews.
import { EmptyState, PageHeader, Screen } from '../components/layout.tsx';

export function ReviewsScreen() {
  return (
    <Screen>
      <PageHeader title="Security reviews" />
      <EmptyState title="Nothing is here yet">This place is being built.</EmptyState>
    </Screen>
  );
}
