// A review as a card: how far it is, and the way to it.
import type { ReviewSummary } from '../../shared/review.ts';
import { Link } from '../app/Link.tsx';
import { ReviewBar } from './ReviewProgress.tsx';
import styles from './reviews.module.css';

export function ReviewCard({ review }: { review: ReviewSummary }) {
  const { counts } = review;
  const rest = [
    ...(counts.failed > 0 ? [`${counts.failed} fail`] : []),
    ...(counts.waived > 0 ? [`${counts.waived} waived`] : []),
  ];
  const level = review.level === null ? '' : ` L${review.level}`;
  const name = `${review.title} · ${review.checklistName}${level}`;
  const stand = [`${counts.decided} of ${counts.total} decided`, ...rest].join(' · ');
  return (
    <section className={styles.card} aria-label="Newest open review">
      <h2>
        <Link to={{ place: 'reviews', id: review.id }} className={styles.cardTitle} title={name}>
          {name}
        </Link>
      </h2>
      <ReviewBar counts={counts} label={`Progress of ${review.title}`} />
      <p className="dim figures" title={stand}>{stand}</p>
    </section>
  );
}
