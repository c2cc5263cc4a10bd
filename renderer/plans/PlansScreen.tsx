// Plans: the list, a plan, or the import of one, by what the place says.
import { IconFileImport, IconSitemap } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { PlanSummary } from '../../shared/plan.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useApi } from '../app/api.ts';
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { formatCount, formatDuration } from '../components/format.ts';
import { EmptyState, PageHeader, Panel, Screen } from '../components/layout.tsx';
import { ListTable, type ListColumn } from '../components/ListTable.tsx';
import { useNow } from '../components/now.tsx';
import { ProgressBar } from '../components/ProgressBar.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { SimulatedMark, Time } from '../components/values.tsx';
import { examplePlans } from './examples.ts';
import { Examples, ImportScreen } from './ImportScreen.tsx';
import { PlanPage } from './PlanPage.tsx';
import { progressParts, secondsOf } from './planView.ts';
import styles from './plans.module.css';

export function PlansScreen() {
  const { id, search } = useRoute();
  if (search.import === '1') return <ImportScreen />;
  return id === null ? <PlanList /> : <PlanPage key={id} id={id} />;
}

const columns: readonly ListColumn<PlanSummary>[] = [
  {
    id: 'state',
    header: 'State',
    width: 112,
    cell: (plan) => <StateBadge state={plan.state} />,
    sortBy: (plan) => plan.state,
  },
  {
    id: 'name',
    header: 'Plan',
    width: 180,
    grow: true,
    sortBy: (plan) => plan.name.toLowerCase(),
    cell: (plan) => (
      <span className={styles.name}>
        <span className="ellipsis" title={plan.name}>
          {plan.name}
        </span>
        {plan.simulated && <SimulatedMark />}
      </span>
    ),
  },
  {
    id: 'progress',
    header: 'Progress',
    width: 180,
    sortBy: (plan) => plan.counts.succeeded / Math.max(1, plan.counts.total),
    cell: ({ counts, name }) => (
      <span className={styles.progress}>
        <ProgressBar label={`Progress of ${name}`} total={counts.total} parts={progressParts(counts)} />
        <span className="figures dim">
          {formatCount(counts.succeeded)} of {formatCount(counts.total)}
        </span>
      </span>
    ),
  },
  {
    id: 'floor',
    header: 'Floor',
    width: 58,
    align: 'right',
    cell: (plan) => (plan.minActive === 0 ? '–' : formatCount(plan.minActive)),
    hideBelow: 760,
    sortBy: (plan) => plan.minActive,
  },
  {
    id: 'started',
    header: 'Started',
    width: 104,
    align: 'right',
    cell: (plan) => <Time value={plan.startedAt} past />,
    sortBy: (plan) => plan.startedAt ?? '',
    hideBelow: 620,
  },
  {
    id: 'duration',
    header: 'Duration',
    width: 96,
    align: 'right',
    cell: (plan) => <PlanDuration plan={plan} />,
    hideBelow: 700,
  },
];
const idOf = (plan: PlanSummary): string => plan.id;

function PlanDuration({ plan }: { plan: PlanSummary }) {
  const now = useNow(plan.state === 'running' ? 10_000 : null);
  const seconds = secondsOf(plan, now);
  return seconds === null ? (
    <span className="faint">–</span>
  ) : (
    <span className="figures">{formatDuration(seconds < 60 ? seconds : seconds - (seconds % 60))}</span>
  );
}

function PlanList() {
  const api = useApi();
  const go = useGo();
  const query = useInfiniteQuery(
    api.plans.list.infiniteQueryOptions({ limit: 100 }, { getNextPageParam: (page) => page.nextCursor }),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return (
    <Screen>
      <PageHeader title="Plans" actions={<ImportButton />} />
      {rows?.length === 0 ? (
        <NoPlans />
      ) : (
        <ListTable
          label="Plans"
          columns={columns}
          rows={rows}
          rowId={idOf}
          onOpen={(plan) => go({ place: 'plans', id: plan.id })}
          error={query.error}
          onRetry={() => void query.refetch()}
          hasMore={query.hasNextPage}
          onMore={() => void query.fetchNextPage()}
          empty={null}
          autoFocus
        />
      )}
    </Screen>
  );
}

function ImportButton() {
  const go = useGo();
  return (
    <MayButton
      permission="plans:create"
      variant="filled"
      leftSection={<IconFileImport size={14} />}
      onClick={() => go({ place: 'plans', search: { import: '1' } })}
    >
      Import a plan
    </MayButton>
  );
}

/** Teaches the first plan: a document of one's own, or an example. */
function NoPlans() {
  return (
    <div className={styles.empty}>
      <div className={styles.emptyCard}>
        <EmptyState
          icon={<IconSitemap size={26} stroke={1.5} />}
          title="No plans yet"
          actions={<ImportButton />}
        >
          A plan is a graph of small tasks over your agents, with a floor of agents that work at any time.
          Write it as Markdown, JSON or YAML, and drop the file anywhere on this window.
        </EmptyState>
        {examplePlans.length > 0 && (
          <Panel title="Or try an example">
            <Examples />
          </Panel>
        )}
      </div>
    </div>
  );
}
