// The report of a review as it stands.
import { useQuery } from '@tanstack/react-query';
import type { ReviewSummary } from '../../shared/review.ts';
import { useApi } from '../app/api.ts';
import { ReportDialog } from '../components/ReportDialog.tsx';

export function ReviewReport({ review, onClose }: { review: Pick<ReviewSummary, 'id' | 'title'>; onClose(): void }) {
  const api = useApi();
  const query = useQuery(api.reviews.report.queryOptions({ id: review.id }));
  return (
    <ReportDialog
      name={review.title}
      text={query.data}
      error={query.error}
      onRetry={() => void query.refetch()}
      onClose={onClose}
    />
  );
}
