// "Why is this not running?": what the backend answers, the first reason above the rest, each with its fix in place.
import { useMutation, useQuery } from '@tanstack/react-query';
import { assertNever } from '../../shared/errors.ts';
import type { Permission } from '../../shared/permissions.ts';
import type { ProviderTest } from '../../shared/provider.ts';
import type { TaskSummary } from '../../shared/task.ts';
import type { Why, WhyFix, WhyReason } from '../../shared/why.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton } from '../app/me.tsx';
import { formatClock, formatPlural } from '../components/format.ts';
import { notifyDone, notifyOutcome, notifyProblem } from '../components/notify.ts';
import { useNow } from '../components/now.tsx';
import { Time } from '../components/values.tsx';
import type { TaskActions } from './useTaskActions.ts';
import styles from './tasks.module.css';

/** Reasons that are shown at once; more are behind a button of the list of dependencies. */
const SHOWN = 6;

interface WhyPanelProps {
  task: TaskSummary;
  actions: TaskActions;
}
export function WhyPanel({ task, actions }: WhyPanelProps) {
  const api = useApi();
  const held = task.state === 'waiting' || task.state === 'queued';
  const { data, error } = useQuery(api.tasks.why.queryOptions({ id: task.id }, { enabled: held }));
  // A change of the task came before the answer to it.
  const known = data?.reasons.every(({ code }) => code !== 'running' && code !== 'ended') ? data : undefined;
  if (!held) return null;
  const [first, ...then] = known?.reasons ?? [];
  const fixes = (known?.reasons ?? []).slice(0, SHOWN).flatMap(({ fix }) => (fix ? [fix] : []));
  return (
    <section className={styles.why} data-calm={!first || undefined} aria-label="Why is this not running?">
      <h2>Why is this not running?</h2>
      {first && <Sentence reason={first} />}
      {then.slice(0, SHOWN - 1).map((reason, index) => (
        <div key={index} className="dim">
          Then: <Sentence reason={reason} />
        </div>
      ))}
      {then.length >= SHOWN && <div className="dim">And {formatPlural(then.length - SHOWN + 1, 'more reason')}.</div>}
      {!first && <div>{error ? 'The backend did not answer why. It is asked again when something changes.' : calmWords(known)}</div>}
      <div className={styles.whyActions}>
        {fixes.map((fix) => (
          <Fix key={`${fix.operation} ${fix.label} ${String(fix.input.id)}`} fix={fix} actions={actions} />
        ))}
      </div>
    </section>
  );
}

function calmWords(known: Why | undefined): string {
  if (!known) return 'Looking…';
  if (!known.ahead) return 'Nothing is in the way: it is the next to be taken.';
  return `Nothing is in the way: ${formatPlural(known.ahead, 'task')} before it ${known.ahead === 1 ? 'goes' : 'go'} first.`;
}

function Sentence({ reason: { message, about, until } }: { reason: WhyReason }) {
  const [before, after] = about ? splitAt(message, about.name) : [message, null];
  return (
    <span>
      {before}
      {about && after !== null && (
        <Link to={{ place: `${about.kind}s`, id: about.id }} className={styles.strongLink}>
          {about.name}
        </Link>
      )}
      {after}
      {until && <Until at={until} />}
    </span>
  );
}

/** The sentence before and after the name that becomes a link; null where it does not name it. */
function splitAt(message: string, name: string): [string, string | null] {
  const at = message.indexOf(name);
  return at < 0 ? [message, null] : [message.slice(0, at), message.slice(at + name.length)];
}

/** Counted down while it is near, else said as a time of day in the person's zone. */
function Until({ at }: { at: string }) {
  const seconds = (Date.parse(at) - useNow(1_000)) / 1000;
  if (seconds > 3_600) return <> That is at <Time value={at} />.</>;
  return <> That is in <b className="figures">{formatClock(Math.ceil(Math.max(0, seconds)))}</b>.</>;
}

const permissionOf: Record<WhyFix['operation'], Permission> = {
  'agents.update': 'agents:operate',
  'budgets.update': 'budgets:write',
  'plans.start': 'plans:operate',
  'providers.test': 'providers:write',
  'queues.update': 'tasks:operate',
  'tasks.setPaused': 'tasks:operate',
  'tasks.approve': 'tasks:operate',
  'tasks.retry': 'tasks:operate',
  'workspace.setLimits': 'workspace:write',
  'workspace.setPaused': 'workspace:operate',
};

function sayTested({ ok, problem }: ProviderTest): void {
  if (ok) notifyDone('It answers. Work on it goes on.');
  else if (problem) notifyOutcome(problem.message, problem.fix);
}

/** The button of a fix: it calls the operation with the input that the backend named. */
function Fix({ fix, actions }: { fix: WhyFix; actions: TaskActions }) {
  const api = useApi();
  const options = { onError: notifyProblem };
  const resume = useMutation(api.workspace.setPaused.mutationOptions(options));
  const start = useMutation(api.plans.start.mutationOptions(options));
  const queue = useMutation(api.queues.update.mutationOptions(options));
  const hold = useMutation(api.tasks.setPaused.mutationOptions(options));
  const update = useMutation(api.agents.update.mutationOptions(options));
  const test = useMutation(api.providers.test.mutationOptions({ ...options, onSuccess: sayTested }));
  const raise = useMutation(api.budgets.update.mutationOptions(options));
  const limits = useMutation(api.workspace.setLimits.mutationOptions(options));
  const id = String(fix.input.id);
  const run = (): void => {
    switch (fix.operation) {
      case 'agents.update':
        return update.mutate({ ...fix.input, id });
      case 'budgets.update':
        return raise.mutate({ ...fix.input, id });
      case 'plans.start':
        return start.mutate({ id });
      case 'providers.test':
        return test.mutate({ id });
      case 'queues.update':
        return queue.mutate({ name: String(fix.input.name), paused: false });
      case 'tasks.setPaused':
        return hold.mutate({ id, paused: false });
      case 'tasks.approve':
        return actions.askApproval(id);
      case 'tasks.retry':
        return actions.retry.mutate({ id });
      case 'workspace.setLimits':
        return limits.mutate({ maxRunning: Number(fix.input.maxRunning) });
      case 'workspace.setPaused':
        return resume.mutate({ paused: false });
      default:
        return assertNever(fix.operation);
    }
  };
  const pending = [resume, start, update, raise, queue, hold, test, limits].some((mutation) => mutation.isPending);
  const retrying = fix.operation === 'tasks.retry' && actions.retry.isPending && actions.retry.variables.id === id;
  // Raising the concurrency is an edit of the agent, which needs more than resuming it.
  const permission = 'concurrency' in fix.input ? 'agents:write' : permissionOf[fix.operation];
  return (
    <MayButton permission={permission} loading={pending || retrying} onClick={run}>
      <span className="ellipsis">{fix.label}</span>
    </MayButton>
  );
}
