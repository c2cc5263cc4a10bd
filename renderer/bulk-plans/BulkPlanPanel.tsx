// One bulk job: progress, stop and undo, and its rows by what became of them.
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { bulkOutcomes, type BulkPlan, type BulkRow } from '../../shared/bulk-plan.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton } from '../app/me.tsx';
import { formatCount, formatDuration } from '../components/format.ts';
import { Details, Lines, Tabs } from '../components/layout.tsx';
import { ListTable, type ListColumn } from '../components/ListTable.tsx';
import { pagesOf } from '../components/ListWithDetails.tsx';
import { useNow } from '../components/now.tsx';
import { notifyProblem } from '../components/notify.ts';
import { Fields } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { ProgressBar } from '../components/ProgressBar.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { Id, Time } from '../components/values.tsx';
import { FrozenPlan } from './FrozenPlan.tsx';
import { usePlanFacts } from './planFacts.tsx';
import { progressWords, secondsLeft, shownAs, stateWords, titleOf } from './words.ts';
import styles from './bulk-plans.module.css';

export function BulkPlanPanel({ id, onClose }: { id: string; onClose(): void }) {
  const api = useApi();
  const query = useQuery(api.bulkPlans.get.queryOptions({ id }));
  const plan = query.data;
  return (
    <Details
      label={plan ? titleOf(plan) : 'Bulk job'}
      head={
        <>
          {plan && <StateShape state={shownAs[plan.state]} />}
          {plan && stateWords[plan.state]}
          <span className="grow" />
          <Id id={id} />
        </>
      }
      onClose={onClose}
      footer={plan && <Actions plan={plan} />}
    >
      {query.error && !plan && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {!query.error && !plan && <Lines />}
      {plan && <h2>{titleOf(plan)}</h2>}
      {plan?.state === 'planned' && <FrozenPlan plan={plan} />}
      {plan && plan.state !== 'planned' && <Progress plan={plan} />}
      {plan && plan.state !== 'planned' && <Rows plan={plan} />}
    </Details>
  );
}

function Progress({ plan }: { plan: BulkPlan }) {
  const facts = usePlanFacts(plan, true);
  const standing = plan.changed - plan.undone - plan.kept;
  return (
    <>
      <div className={styles.progress}>
        <ProgressBar
          label={titleOf(plan)}
          total={plan.count}
          parts={[
            { state: 'succeeded', value: standing },
            { state: 'cancelled', value: plan.skipped + plan.kept },
            { state: 'handed_off', value: plan.undone },
          ]}
        />
        <span aria-live="polite">
          {formatCount(plan.goneThrough)} of {formatCount(plan.count)} gone through · {progressWords(plan)}
        </span>
        {plan.state === 'running' && <TimeLeft plan={plan} />}
      </div>
      <Fields
        rows={[
          ...facts,
          ['Decided by', plan.createdBy.name],
          ['Began', plan.startedAt && <Time key="began" value={plan.startedAt} />],
          ['Ended', plan.finishedAt && <Time key="ended" value={plan.finishedAt} />],
        ]}
      />
    </>
  );
}

/** By how fast it went so far; nothing is said before that can be known. */
function TimeLeft({ plan }: { plan: BulkPlan }) {
  const now = useNow(1_000);
  const left = secondsLeft(plan, now);
  return <span className="dim figures">{left === null ? '\u00a0' : `About ${formatDuration(left)} left`}</span>;
}

function Actions({ plan }: { plan: BulkPlan }) {
  const api = useApi();
  const options = { onError: notifyProblem };
  const stop = useMutation(api.bulkPlans.stop.mutationOptions(options));
  const undo = useMutation(api.bulkPlans.undo.mutationOptions(options));
  const ended = plan.state === 'done' || plan.state === 'stopped';
  const nothing = plan.changed === 0 ? 'Nothing was changed.' : null;
  const refusal = plan.undoable ? nothing : 'A retry cannot be taken back: its tasks may have run again.';
  if (plan.state === 'running') {
    return (
      <MayButton permission="tasks:operate" loading={stop.isPending} onClick={() => stop.mutate({ id: plan.id })}>
        Stop here
      </MayButton>
    );
  }
  if (!ended) return null;
  return (
    <MayButton permission="tasks:operate" reason={refusal} loading={undo.isPending} onClick={() => undo.mutate({ id: plan.id })}>
      Undo what was changed
    </MayButton>
  );
}

type Outcome = (typeof bulkOutcomes)[number];
const outcomeWords: Record<Outcome, string> = {
  changed: 'Changed',
  skipped: 'Passed over',
  undone: 'Undone',
  kept: 'Kept',
};

const columns: readonly ListColumn<BulkRow>[] = [
  {
    id: 'title',
    header: 'Task',
    width: 120,
    grow: true,
    cell: (row) => (
      <Link to={{ place: 'tasks', id: row.taskId }} className="ellipsis" title={row.title ?? undefined} tabIndex={-1}>
        {row.title ?? 'A task that is gone'}
      </Link>
    ),
  },
  { id: 'note', header: 'Why', width: 150, grow: true, cell: (row) => <span className={styles.reason} title={row.note ?? undefined}>{row.note ?? ''}</span> },
];

/** Where nothing is said of any of them: the titles have the room. */
const titleAlone = columns.filter(({ id }) => id === 'title');

/** What is shown first: what did not go as it was decided, then what did. */
const worthSeeing = ['skipped', 'changed', 'kept', 'undone'] as const satisfies readonly Outcome[];

function Rows({ plan }: { plan: BulkPlan }) {
  const api = useApi();
  const counts = { changed: plan.changed - plan.undone - plan.kept, skipped: plan.skipped, undone: plan.undone, kept: plan.kept };
  const [chosen, setChosen] = useState<Outcome | null>(null);
  const outcome = chosen ?? worthSeeing.find((name) => counts[name] > 0) ?? 'changed';
  const query = useInfiniteQuery(
    api.bulkPlans.rows.infiniteQueryOptions(
      { id: plan.id, limit: 100, outcome },
      { getNextPageParam: (page) => page.nextCursor },
    ),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const explained = rows?.some(({ note }) => note !== null) ?? false;
  // Those of which there are none would only push the others out of a narrow panel.
  const there = bulkOutcomes.filter((name) => name === outcome || counts[name] > 0);
  const tabs = there.map((name) => ({ id: name, label: outcomeWords[name], count: counts[name] }));
  return (
    <>
      <Tabs name="outcome" tabs={tabs} value={outcome} onChange={(next) => setChosen(next as Outcome)} />
      <div id="outcome-panel" role="tabpanel" aria-label="Rows" style={{ height: 320, display: 'flex', flexDirection: 'column' }}>
        <ListTable
          label="Rows"
          columns={explained ? columns : titleAlone}
          rows={rows}
          rowId={(row) => row.taskId}
          {...pagesOf(query)}
          empty={<p className="dim" style={{ padding: 12 }}>{counts[outcome] > 0 ? 'They come in a moment.' : 'None.'}</p>}
        />
      </div>
    </>
  );
}
