// "Why is this not running?": the reason that must go first, those after it, and what can be done about each in place.
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { assertNever } from '../../shared/errors.ts';
import type { TaskSummary } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton } from '../app/me.tsx';
import { formatClock, formatCount, formatPlural } from '../components/format.ts';
import { notifyProblem } from '../components/notify.ts';
import { useNow } from '../components/now.tsx';
import { stateWords } from '../components/state.ts';
import { Time } from '../components/values.tsx';
import { TaskLink } from './TaskLink.tsx';
import type { TaskActions } from './useTaskActions.ts';
import { useWhy } from './useWhy.ts';
import type { Reason } from './why.ts';
import styles from './tasks.module.css';

interface WhyPanelProps {
  task: TaskSummary;
  dependencies: TaskSummary[] | undefined;
  actions: TaskActions;
}
export function WhyPanel({ task, dependencies, actions }: WhyPanelProps) {
  const [first, ...then] = useWhy(task, dependencies);
  if (!first) return null;
  const calm = first.code === 'next' || first.code === 'unknown';
  return (
    <section className={styles.why} data-calm={calm || undefined} aria-label="Why is this not running?">
      <h2>Why is this not running?</h2>
      <div>
        <Sentence reason={first} />
      </div>
      {then.map((reason) => (
        <div key={reason.code} className="dim">
          Then: <Sentence reason={reason} />
        </div>
      ))}
      <div className={styles.whyActions}>
        {[first, ...then].map((reason) => (
          <Fix key={reason.code} reason={reason} task={task} actions={actions} />
        ))}
      </div>
    </section>
  );
}

const SHOWN_TASKS = 4;

function Sentence({ reason }: { reason: Reason }): ReactNode {
  switch (reason.code) {
    case 'plan_not_started':
      return <>The plan <PlanName reason={reason} /> is not started.</>;
    case 'plan_paused':
      return <>The plan <PlanName reason={reason} /> is paused.</>;
    case 'plan_ended':
      return <>The plan <PlanName reason={reason} /> has ended: {stateWords[reason.state].toLowerCase()}.</>;
    case 'dependency_failed':
      return <>It depends on what did not succeed: <TaskNames tasks={reason.tasks} /></>;
    case 'dependency':
      return <>It waits for <TaskNames tasks={reason.tasks} /></>;
    case 'approval':
      return 'It is a gate: a person approves it, and what comes after goes on.';
    case 'workspace_paused':
      return <>The workspace is paused{reason.by ? <> by <b>{reason.by}</b></> : ''}: nothing new starts.</>;
    case 'quota':
      return <>All {formatCount(reason.limit)} executions of this month are used; the quota resets <Time value={reason.resetsAt} />.</>;
    case 'retry_at':
      return <>An attempt failed; the next try is in <Countdown until={reason.at} />.</>;
    case 'scheduled':
      return <>It is scheduled: it starts in <Countdown until={reason.at} />.</>;
    case 'agent_paused':
      return <><AgentName agent={reason.agent} /> is paused.</>;
    case 'agent_retired':
      return <><AgentName agent={reason.agent} /> is retired and takes no more work. Cancel this, or create it again for another agent.</>;
    case 'agent_without_provider':
      return <><AgentName agent={reason.agent} /> has no provider account to run on.</>;
    case 'agent_offline':
      return <><AgentName agent={reason.agent} /> is offline{reason.agent.lastSeenAt ? <>, last seen <Time value={reason.agent.lastSeenAt} /></> : ': its program has never connected'}.</>;
    case 'agent_busy':
      return <><AgentName agent={reason.agent} /> is at its concurrency of {reason.agent.concurrency}; a slot must come free.</>;
    case 'agent_missing':
      return 'Its agent is not there any more.';
    case 'no_able_agent':
      return reason.capabilities.length === 0
        ? 'There is no agent in service.'
        : <>No agent is entered with {reason.capabilities.length === 1 ? 'the capability' : 'the capabilities'} <b>{reason.capabilities.join(', ')}</b>.</>;
    case 'able_agents_unavailable':
      return <>{formatPlural(reason.agents.length, 'agent')} could take it, but {reason.agents.length === 1 ? 'it is' : 'all are'} paused, offline or without a provider.</>;
    case 'able_agents_busy':
      return <>{reason.agents.length === 1 ? 'The agent that can' : `All ${reason.agents.length} agents that can`} take it {reason.agents.length === 1 ? 'is' : 'are'} busy or away; a slot must come free.</>;
    case 'next':
      return <>Nothing is in the way: {reason.agentName ? <b>{reason.agentName}</b> : 'the next able agent'} takes it as soon as tasks before it are taken.</>;
    case 'unknown':
      return <>Not known yet: {reason.what.join(', ')}.</>;
    default:
      return assertNever(reason);
  }
}

interface FixProps {
  reason: Reason;
  task: TaskSummary;
  actions: TaskActions;
}
/** What can be done about a reason, in place. */
function Fix({ reason, task, actions }: FixProps) {
  const api = useApi();
  const options = { onError: notifyProblem };
  const resume = useMutation(api.workspace.setPaused.mutationOptions(options));
  const start = useMutation(api.plans.start.mutationOptions(options));
  const update = useMutation(api.agents.update.mutationOptions(options));
  switch (reason.code) {
    case 'plan_not_started':
    case 'plan_paused':
      return (
        <MayButton permission="plans:operate" loading={start.isPending} onClick={() => start.mutate({ id: reason.planId })}>
          {reason.code === 'plan_paused' ? 'Resume plan' : 'Start plan'}
        </MayButton>
      );
    case 'dependency_failed':
      return reason.tasks.slice(0, SHOWN_TASKS).map((broken) => (
        <MayButton
          key={broken.id}
          permission="tasks:operate"
          loading={actions.retry.isPending && actions.retry.variables.id === broken.id}
          onClick={() => actions.retry.mutate({ id: broken.id })}
        >
          <span className="ellipsis">Retry {reason.tasks.length === 1 ? 'that one' : `“${broken.title}”`}</span>
        </MayButton>
      ));
    case 'approval':
      return task.waitReason === 'approval' ? (
        <MayButton permission="tasks:operate" loading={actions.approve.isPending} onClick={() => actions.approve.mutate({ id: task.id })}>
          Approve
        </MayButton>
      ) : null;
    case 'workspace_paused':
      return (
        <MayButton permission="workspace:operate" loading={resume.isPending} onClick={() => resume.mutate({ paused: false })}>
          Resume workspace
        </MayButton>
      );
    case 'agent_paused':
      return (
        <MayButton permission="agents:operate" loading={update.isPending} onClick={() => update.mutate({ id: reason.agent.id, status: 'active' })}>
          Resume {reason.agent.name}
        </MayButton>
      );
    case 'agent_busy':
      return (
        <MayButton
          permission="agents:write"
          loading={update.isPending}
          reason={reason.agent.concurrency >= 1000 ? 'It is at the most that an agent can have.' : null}
          onClick={() => update.mutate({ id: reason.agent.id, concurrency: reason.agent.concurrency + 1, version: reason.agent.version })}
        >
          Raise concurrency to {reason.agent.concurrency + 1}
        </MayButton>
      );
    default:
      return null;
  }
}

function PlanName({ reason }: { reason: { planId: string; planName: string } }) {
  return <Link to={{ place: 'plans', id: reason.planId }} className={styles.strongLink}>{reason.planName}</Link>;
}

function AgentName({ agent }: { agent: { id: string; name: string } }) {
  return <Link to={{ place: 'agents', id: agent.id }} className={styles.strongLink}>{agent.name}</Link>;
}

function TaskNames({ tasks }: { tasks: TaskSummary[] }) {
  const more = tasks.length - SHOWN_TASKS;
  return (
    <span className={styles.names}>
      {tasks.slice(0, SHOWN_TASKS).map((task) => (
        <TaskLink key={task.id} task={task} />
      ))}
      {more > 0 && <span className="dim">and {formatPlural(more, 'other')}</span>}
    </span>
  );
}

function Countdown({ until }: { until: string }) {
  const seconds = (Date.parse(until) - useNow(1_000)) / 1000;
  return <b className="figures">{formatClock(Math.ceil(Math.max(0, seconds)))}</b>;
}
