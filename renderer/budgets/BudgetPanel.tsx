// One budget beside the list: how it stands, how far it can go over, whom it has stopped, and what can be done.
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { budgetWords, type Budget } from '../../shared/budget.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton } from '../app/me.tsx';
import { formatPlural } from '../components/format.ts';
import { Details } from '../components/layout.tsx';
import { notifyDone, notifyProblem } from '../components/notify.ts';
import { Fields } from '../components/output.tsx';
import { Note, ProblemNotice } from '../components/ProblemNotice.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { useUndo } from '../components/undo.tsx';
import { Money, SimulatedTag, Time } from '../components/values.tsx';
import { BudgetBar } from './BudgetBar.tsx';
import { overshootWords, periodWords, raised, say, scopeWords, shapes, stateWords, unitWords } from './words.ts';
import styles from './budgets.module.css';

interface BudgetPanelProps {
  budget: Budget | undefined;
  error: unknown;
  onRetry(): void;
  onClose(): void;
  onEdit(): void;
}
export function BudgetPanel({ budget, error, onRetry, onClose, onEdit }: BudgetPanelProps) {
  return (
    <Details
      label={budget ? budgetWords(budget) : 'Budget'}
      head={
        budget && (
          <>
            <StateShape state={shapes[budget.state]} />
            {stateWords[budget.state]}
            <span className="grow" />
            <span className="dim small">{scopeWords[budget.scope]}, {unitWords[budget.unit].toLowerCase()}</span>
          </>
        )
      }
      onClose={onClose}
      footer={budget && <Actions budget={budget} onEdit={onEdit} onClose={onClose} />}
    >
      {budget && <Loaded budget={budget} />}
      {!budget && !!error && <ProblemNotice error={error} onRetry={onRetry} />}
      {!budget && !error && <div className={styles.skeleton} aria-hidden>{[60, 100, 80].map((width) => <i key={width} style={{ width: `${width}%` }} />)}</div>}
    </Details>
  );
}

function Loaded({ budget }: { budget: Budget }) {
  return (
    <>
      <div>
        <h2 className={styles.heading}>
          {budgetWords(budget)} {budget.simulated && <SimulatedTag />}
        </h2>
        {budget.scope !== 'workspace' && <Link to={targetOf(budget)} className={styles.link}>Open the {budget.scope}</Link>}
      </div>
      {budget.removedAt !== null && <Note tone="warning">It is removed: it holds nothing back any more.</Note>}
      {budget.removedAt === null && budget.state === 'exhausted' && (
        <Note tone="warning">{usedUpWords(budget)}</Note>
      )}
      <div className={styles.standing} aria-live="polite">
        <div className={styles.figures}>
          <b>{say(budget, budget.spent)}</b>
          <span className="dim">of {say(budget, budget.amount)} {periodWords[budget.period]}</span>
        </div>
        <BudgetBar budget={budget} large />
        <ul className={styles.legend}>
          <li data-part="spent">{say(budget, budget.spent)} spent</li>
          {budget.unit === 'usd' && <li data-part="reserved">{say(budget, budget.reserved)} held for {formatPlural(budget.running, 'attempt')}</li>}
          <li data-part="free">{say(budget, budget.remaining)} free</li>
        </ul>
        <p className="dim">{overshootWords(budget)}</p>
      </div>
      <Fields
        rows={[
          ['People are told', `at ${budget.softPercent} %`],
          ['Told', budget.warnedAt && <Time key="warned" value={budget.warnedAt} past />],
          ['Used up', budget.exhaustedAt && <Time key="exhausted" value={budget.exhaustedAt} past />],
          ['Starts anew', budget.resetsAt === null ? 'never' : <Time key="resets" value={budget.resetsAt} />],
          ['Held for an attempt', budget.unit === 'usd' ? (budget.reserveUsd === null ? 'what is known, else what its agent’s cost so far' : `what is known, else ${say(budget, budget.reserveUsd)}`) : null],
          ['Set', <Time key="created" value={budget.createdAt} past />],
        ]}
      />
      {budget.unit === 'usd' && <Stops budget={budget} />}
    </>
  );
}

function targetOf({ scope, agentId, planId }: Budget) {
  return scope === 'agent' ? ({ place: 'agents', id: agentId } as const) : ({ place: 'plans', id: planId } as const);
}

function usedUpWords({ resetsAt }: Budget): string {
  const then = resetsAt === null ? 'it is raised' : 'it starts anew or is raised';
  return `Nothing that would use it starts until ${then}. What is stopped is queued again.`;
}

const SHOWN = 20;

/** Whom it has stopped, the newest first. */
function Stops({ budget }: { budget: Budget }) {
  const api = useApi();
  const query = useInfiniteQuery(api.budgets.stops.infiniteQueryOptions({ id: budget.id, limit: SHOWN }, { getNextPageParam: (page) => page.nextCursor }));
  const rows = query.data?.pages.flatMap(({ items }) => items);
  return (
    <section className={styles.part}>
      <h2>Stopped by it</h2>
      {query.error && !rows && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {rows?.length === 0 && <p className="dim">No attempt so far.</p>}
      {rows && rows.length > 0 && (
        <ul className={styles.stops}>
          {rows.map((stop) => (
            <li key={`${stop.taskId} ${stop.attempt}`}>
              <Link to={{ place: 'tasks', id: stop.taskId }} className="ellipsis" title={stop.title}>{stop.title}</Link>
              <span className="dim ellipsis" title={`${stop.agentName}, attempt ${stop.attempt}`}>{stop.agentName}</span>
              <Money usd={stop.costUsd} />
              <Time value={stop.at} past />
            </li>
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div><MoreButton loading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} /></div>
      )}
    </section>
  );
}

function MoreButton({ loading, onMore }: { loading: boolean; onMore(): void }) {
  return <MayButton permission="budgets:read" loading={loading} onClick={onMore}>Show more</MayButton>;
}

function Actions({ budget, onEdit, onClose }: { budget: Budget; onEdit(): void; onClose(): void }) {
  const api = useApi();
  const undo = useUndo();
  const options = { onError: notifyProblem };
  const update = useMutation(api.budgets.update.mutationOptions(options));
  const restore = useMutation(api.budgets.restore.mutationOptions(options));
  const remove = useMutation(
    api.budgets.remove.mutationOptions({
      ...options,
      onSuccess: () => {
        onClose();
        undo.offer({
          done: 'The budget is removed.',
          undone: 'It holds again, with what was used meanwhile.',
          undo: () => restore.mutateAsync({ id: budget.id }),
        });
      },
    }),
  );
  if (budget.removedAt !== null) {
    return (
      <MayButton permission="budgets:write" variant="filled" loading={restore.isPending} onClick={() => restore.mutate({ id: budget.id })}>
        Bring it back
      </MayButton>
    );
  }
  const amount = raised(budget);
  const raise = (): void =>
    update.mutate({ id: budget.id, amount, edition: budget.edition }, { onSuccess: (after) => notifyDone(`${budgetWords(after)} is ${say(after, after.amount)} now.`) });
  return (
    <>
      <MayButton permission="budgets:write" loading={remove.isPending} onClick={() => remove.mutate({ id: budget.id })}>Remove</MayButton>
      <MayButton permission="budgets:write" onClick={onEdit}>Change…</MayButton>
      <MayButton permission="budgets:write" variant={budget.state === 'ok' ? undefined : 'filled'} loading={update.isPending} onClick={raise}>
        Raise to {say(budget, amount)}
      </MayButton>
    </>
  );
}
