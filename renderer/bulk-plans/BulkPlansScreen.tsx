// Bulk jobs: every bulk action that was planned, how far it is, what it passed over, and its way back.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { BulkPlan } from '../../shared/bulk-plan.ts';
import { useApi } from '../app/api.ts';
import { useGo, useRoute } from '../app/routes.ts';
import { formatCount } from '../components/format.ts';
import { EmptyState, PageHeader, Screen, Segments } from '../components/layout.tsx';
import type { ListColumn } from '../components/ListTable.tsx';
import { ListWithDetails, pagesOf } from '../components/ListWithDetails.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { Age } from '../components/values.tsx';
import { BulkPlanPanel } from './BulkPlanPanel.tsx';
import { progressWords, shownAs, stateWords, titleOf } from './words.ts';

const columns: readonly ListColumn<BulkPlan>[] = [
  {
    id: 'state',
    header: 'State',
    width: 110,
    cell: ({ state }) => (
      <span style={{ display: 'inline-flex', gap: 7, alignItems: 'center' }}>
        <StateShape state={shownAs[state]} />
        {stateWords[state]}
      </span>
    ),
  },
  { id: 'title', header: 'Action', width: 180, grow: true, cell: (plan) => <span className="ellipsis">{titleOf(plan)}</span> },
  { id: 'done', header: 'Gone through', width: 136, align: 'right', hideBelow: 560, cell: (plan) => `${formatCount(plan.goneThrough)} of ${formatCount(plan.count)}` },
  { id: 'words', header: 'What became of them', width: 180, grow: true, hideBelow: 820, cell: (plan) => <span className="dim ellipsis">{progressWords(plan)}</span> },
  { id: 'by', header: 'By', width: 130, hideBelow: 700, cell: (plan) => <span className="ellipsis">{plan.createdBy.name}</span> },
  { id: 'age', header: 'Age', width: 68, align: 'right', cell: (plan) => <Age since={plan.createdAt} /> },
];

const views = [
  { value: 'confirmed', label: 'Confirmed' },
  { value: 'all', label: 'With only planned' },
];

export function BulkPlansScreen() {
  const api = useApi();
  const go = useGo();
  const { id, search } = useRoute();
  // Most of those that were only looked at are let go; they are told apart, not hidden for good.
  const all = search.all === '1';
  const query = useInfiniteQuery(
    api.bulkPlans.list.infiniteQueryOptions({ limit: 100, ...(!all && { confirmed: true }) }, { getNextPageParam: (page) => page.nextCursor }),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return (
    <Screen>
      <PageHeader
        title="Bulk jobs"
        aside={
          <Segments
            label="View"
            options={views}
            value={all ? 'all' : 'confirmed'}
            onChange={(view) => go({ place: 'jobs', id, search: { all: view === 'all' ? '1' : undefined } }, { replace: true })}
          />
        }
      />
      <ListWithDetails
        label="Bulk jobs"
        columns={columns}
        rows={rows}
        rowId={(plan) => plan.id}
        openId={id}
        onOpen={(plan) => go({ place: 'jobs', id: plan.id, search }, { replace: id !== null })}
        {...pagesOf(query)}
        empty={
          <EmptyState icon={<IconStack2 size={28} stroke={1.4} />} title="No bulk action yet" actions={<Button variant="filled" onClick={() => go({ place: 'tasks' })}>Go to the tasks</Button>}>
            In the list of tasks, choose a filter and then “All matching”: you see which tasks an action would touch before
            anything is done. What was done stands here, with its way back.
          </EmptyState>
        }
        details={id !== null && <BulkPlanPanel key={id} id={id} onClose={() => go({ place: 'jobs', search }, { replace: true })} />}
      />
    </Screen>
  );
}
