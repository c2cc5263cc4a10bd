// The newest open review beside what needs a person. Its code comes only where there is one.
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../app/api.ts';
import { later } from '../components/later.tsx';

const ReviewCard = later(
  async () => (await import('../reviews/index.ts')).ReviewCard,
  () => null,
);

export function NewestReview() {
  const api = useApi();
  const { data } = useQuery(api.reviews.list.queryOptions({ state: 'open', limit: 1 }));
  const [review] = data?.items ?? [];
  return review ? <ReviewCard review={review} /> : null;
}
