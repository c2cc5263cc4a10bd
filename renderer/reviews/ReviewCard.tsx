// The newest open review as a card: how far it is, and the way to it. Nothing where none is open.
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { ReviewBar } from './ReviewProgress.tsx';
import styles from './reviews.module.css';

export function ReviewCard() {
  const api = useApi();
  const { data } = useQuery(api.reviews.list.queryOptions({ state: 'open', limit: 1 }));
  const [review] = data?.items ?? [];
  if (!review) return null;
  const { counts } = review;
  const rest = [
    ...(counts.failed > 0 ? [`${counts.failed} fail`] : []),
    ...(counts.waived > 0 ? [`${counts.waived} waived`] : []),
  ];
  const level = review.level === null ? '' : ` L${review.level}`;
  return (
    <section className={styles.card} aria-label="Newest open review">
      <h2>
        <Link to={{ place: 'reviews', id: review.id }} className={styles.cardTitle}>
          {review.title} · {review.checklistName}{level}
        </Link>
      </h2>
      <ReviewBar counts={counts} label={`Progress of ${review.title}`} />
      <p className="dim figures">{[`${counts.decided} of ${counts.total} decided`, ...rest].join(' · ')}</p>
    </section>
  );
}
