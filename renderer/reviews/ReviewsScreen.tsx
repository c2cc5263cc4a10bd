// Security reviews: the list with its progress, or one of them.
import { IconChecklist } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Review, ReviewSummary } from '../../shared/review.ts';
import { useApi } from '../app/api.ts';
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { formatCount } from '../components/format.ts';
import { EmptyState, PageHeader, Screen } from '../components/layout.tsx';
import { ListTable, type ListColumn } from '../components/ListTable.tsx';
import { pagesOf } from '../components/ListWithDetails.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { Age } from '../components/values.tsx';
import { NewReviewDialog } from './NewReviewDialog.tsx';
import { ReviewBar } from './ReviewProgress.tsx';
import { ReviewPage } from './ReviewPage.tsx';
import { VerdictBadge } from './VerdictBadge.tsx';
import styles from './reviews.module.css';

export function ReviewsScreen() {
  const { id } = useRoute();
  return id === null ? <ReviewList /> : <ReviewPage key={id} id={id} />;
}

const columns: readonly ListColumn<ReviewSummary>[] = [
  {
    id: 'state',
    header: 'State',
    width: 106,
    cell: ({ state }) => (
      <StateBadge state={state === 'open' ? 'running' : 'succeeded'}>{state === 'open' ? 'Open' : 'Submitted'}</StateBadge>
    ),
  },
  { id: 'title', header: 'Review', width: 190, grow: true, cell: ({ title }) => title },
  {
    id: 'checklist',
    header: 'Checklist',
    width: 196,
    hideBelow: 860,
    cell: ({ checklistName, level }) => `${checklistName} · ${level === null ? 'all levels' : `level ${level}`}`,
  },
  {
    id: 'progress',
    header: 'Decided',
    width: 186,
    cell: ({ counts, title }) => (
      <span className={styles.cellProgress}>
        <ReviewBar counts={counts} label={`Progress of ${title}`} />
        <span className="figures dim">
          {formatCount(counts.decided)} of {formatCount(counts.total)}
        </span>
      </span>
    ),
  },
  {
    id: 'failed',
    header: 'Fail',
    width: 76,
    hideBelow: 560,
    cell: ({ counts }) =>
      counts.failed === 0 ? <span className="faint">–</span> : <VerdictBadge verdict="fail">{formatCount(counts.failed)}</VerdictBadge>,
  },
  { id: 'by', header: 'Begun by', width: 116, hideBelow: 760, cell: ({ createdBy }) => createdBy.name },
  { id: 'age', header: 'Age', width: 68, align: 'right', hideBelow: 640, cell: ({ createdAt }) => <Age since={createdAt} /> },
];
const idOf = (review: ReviewSummary): string => review.id;

function ReviewList() {
  const api = useApi();
  const go = useGo();
  const { search } = useRoute();
  const query = useInfiniteQuery(
    api.reviews.list.infiniteQueryOptions({ limit: 100 }, { getNextPageParam: (page) => page.nextCursor }),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const begun = (review: Review): void => go({ place: 'reviews', id: review.id }, { replace: true });
  return (
    <Screen>
      <PageHeader title="Security reviews" actions={<NewButton />} />
      {rows?.length === 0 ? (
        <NoReviews />
      ) : (
        <ListTable
          label="Security reviews"
          columns={columns}
          rows={rows}
          rowId={idOf}
          onOpen={(review) => go({ place: 'reviews', id: review.id })}
          {...pagesOf(query)}
          empty={null}
          autoFocus
        />
      )}
      <NewReviewDialog
        opened={search.new === '1'}
        onClose={() => go({ place: 'reviews' }, { replace: true })}
        onBegun={begun}
      />
    </Screen>
  );
}

function NewButton() {
  const go = useGo();
  return (
    <MayButton
      permission="reviews:write"
      variant="filled"
      leftSection={<IconChecklist size={14} />}
      onClick={() => go({ place: 'reviews', search: { new: '1' } }, { replace: true })}
    >
      New review
    </MayButton>
  );
}

function NoReviews() {
  return (
    <EmptyState icon={<IconChecklist size={28} stroke={1.4} />} title="No reviews yet" actions={<NewButton />}>
      A review goes through a checklist item by item: is each tenant alone with its data, can an agent be talked out of its
      task, does a backup come back. The launch checklist is built in. Several people can work on one review at once.
    </EmptyState>
  );
}
