// The details of an agent, beside the list: what it is, what it runs, and what can be done with it.
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Agent } from '../../shared/agent.ts';
import type { TaskSummary } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton, useMay } from '../app/me.tsx';
import { useAction } from '../components/actions.tsx';
import { drainWords } from '../components/drain.ts';
import { formatCount, formatDuration, formatMoney, formatPlural } from '../components/format.ts';
import { Details, Lines } from '../components/layout.tsx';
import { notifyProblem } from '../components/notify.ts';
import { Fields, Markdown } from '../components/output.tsx';
import { useUndo } from '../components/undo.tsx';
import { Note, ProblemNotice } from '../components/ProblemNotice.tsx';
import { Age, Chip, Elapsed, SimulatedTag, Time } from '../components/values.tsx';
import { BudgetsOf } from '../budgets/index.ts';
import { TaskLink } from '../tasks/index.ts';
import { LastSeen, useQueued } from './columns.tsx';
import { kindWords, PresenceMark, statusWords } from './PresenceMark.tsx';
import styles from './agents.module.css';

interface AgentPanelProps {
  agent: Agent | undefined;
  error: unknown;
  onRetry(): void;
  onClose(): void;
  onEdit(): void;
  onConnect(): void;
  onRetire(): void;
}
export function AgentPanel({ agent, error, onRetry, onClose, ...acts }: AgentPanelProps) {
  return (
    <Details
      label={agent?.name ?? 'Agent'}
      head={
        agent && (
          <>
            <PresenceMark presence={agent.presence} />
            <span className="grow" />
            <span className="dim small">{kindWords[agent.kind]}</span>
          </>
        )
      }
      onClose={onClose}
      footer={agent && <Actions agent={agent} {...acts} />}
    >
      {agent && <Loaded agent={agent} onConnect={acts.onConnect} onEdit={acts.onEdit} />}
      {!agent && !!error && <ProblemNotice error={error} onRetry={onRetry} />}
      {!agent && !error && <Lines widths={[60, 90, 80, 40]} />}
    </Details>
  );
}

function Loaded({ agent, onConnect, onEdit }: { agent: Agent; onConnect(): void; onEdit(): void }) {
  const queued = useQueued(agent.id);
  const audit = useMay('audit:read').allowed;
  return (
    <>
      <div>
        <h2 className={styles.heading}>
          {agent.name} {agent.provider?.simulated && <SimulatedTag />}
        </h2>
        {agent.role && <p className="dim">{agent.role}</p>}
      </div>
      <Hindrance agent={agent} onConnect={onConnect} onEdit={onEdit} />
      <Fields
        rows={[
          ['Status', agent.status === 'active' ? statusWords.active : <b key="status">{statusWords[agent.status]}</b>],
          ['Running', <span key="running"><Counted agent={agent} state="running" count={agent.running} /> of at most {formatCount(agent.concurrency)} at once</span>],
          ['Queued', queued === null ? null : <Counted key="queued" agent={agent} state="queued" count={queued} />],
          ['Time limit', `${formatDuration(agent.timeLimitSeconds)} a task`],
          ['Provider', agent.kind === 'external' ? null : agent.provider ? <span key="provider"><Link to={{ place: 'providers', id: agent.provider.accountId }} className={styles.link}>{agent.provider.accountName}</Link>{!agent.provider.simulated && <> · {agent.provider.model}</>}</span> : <b key="none">none</b>],
          ['Cost of an attempt', agent.attemptCostUsd === null ? null : `at most ${formatMoney(agent.attemptCostUsd)}`],
          ['Last seen', <LastSeen key="seen" agent={agent} />],
          ['Created', <Time key="created" value={agent.createdAt} past />],
          ['Changes', audit && <Link key="audit" to={{ place: 'audit', search: { entityId: agent.id } }}>Who did what, in the audit</Link>],
        ]}
      />
      <section className={styles.part}>
        <h2>Capabilities</h2>
        {agent.capabilities.length === 0 ? (
          <p className="dim">None: it takes tasks that are given to it by name, and those that ask for no capability.</p>
        ) : (
          <div className={styles.chips}>{agent.capabilities.map((capability) => <Chip key={capability}>{capability}</Chip>)}</div>
        )}
      </section>
      <BudgetsOf agentId={agent.id} />
      <TasksOf agent={agent} />
      <section className={styles.part}>
        <h2>Instructions</h2>
        {agent.instructions.trim() === '' ? <p className="dim">None.</p> : <Markdown text={agent.instructions} />}
      </section>
    </>
  );
}

/** A figure that leads to the tasks that it counts. */
function Counted({ agent, state, count }: { agent: Agent; state: string; count: number }) {
  if (count === 0) return <span className="faint">none</span>;
  return <Link to={{ place: 'tasks', search: { agentId: agent.id, state } }} className="figures">{formatPlural(count, 'task')}</Link>;
}

/** What keeps it from working, and what to do about it. */
function Hindrance({ agent, onConnect, onEdit }: { agent: Agent; onConnect(): void; onEdit(): void }) {
  if (agent.status === 'retired') return <Note>It is retired: it takes no more work. What it did stays here.</Note>;
  if (agent.status === 'paused') {
    return (
      <Note tone="warning">
        It is paused: it takes nothing new; what it runs, it runs to the end. <b>{drainWords(agent.running)}.</b>
      </Note>
    );
  }
  if (agent.kind === 'hosted' && agent.provider === null) {
    return (
      <Note tone="warning">
        It has no provider account, so it cannot run.
        <div className={styles.noteAction}><MayButton permission="agents:write" onClick={onEdit}>Choose a provider</MayButton></div>
      </Note>
    );
  }
  if (agent.kind === 'external' && agent.presence === 'offline') {
    return (
      <Note tone="warning">
        {agent.lastSeenAt ? 'Its program was not heard for over a minute.' : 'No program has connected as this agent yet.'}
        <div className={styles.noteAction}><MayButton permission="keys:manage" onClick={onConnect}>Connect it</MayButton></div>
      </Note>
    );
  }
  return null;
}

const LATEST = 8;
const RUNNING = 20;

function TasksOf({ agent }: { agent: Agent }) {
  const api = useApi();
  const running = useQuery(api.tasks.list.queryOptions({ agentId: agent.id, state: 'running', limit: RUNNING }));
  const latest = useQuery(api.tasks.list.queryOptions({ agentId: agent.id, limit: LATEST }));
  const now = running.data?.items ?? [];
  const rest = latest.data?.items.filter((task) => task.state !== 'running');
  return (
    <>
      {now.length > 0 && (
        <section className={styles.part}>
          <h2>Running now</h2>
          <ul className={styles.tasks}>
            {now.map((task) => (
              <li key={task.id}>
                <TaskLink task={task} />
                <span className="small">{task.startedAt && <Elapsed since={task.startedAt} limitSeconds={task.timeLimitSeconds} />}</span>
              </li>
            ))}
          </ul>
          {agent.running > now.length && <p className="dim small">and {formatPlural(agent.running - now.length, 'other')}</p>}
        </section>
      )}
      <section className={styles.part}>
        <div className={styles.partHead}>
          <h2>Latest tasks</h2>
          <Link to={{ place: 'tasks', search: { agentId: agent.id } }} className="small">All of its tasks</Link>
        </div>
        {latest.error && !latest.data && <ProblemNotice error={latest.error} onRetry={() => void latest.refetch()} />}
        {rest?.length === 0 && <p className="dim">{now.length === 0 ? 'It has had no task yet.' : 'None besides those.'}</p>}
        <ul className={styles.tasks}>{rest?.slice(0, LATEST).map((task) => <Latest key={task.id} task={task} />)}</ul>
      </section>
    </>
  );
}

function Latest({ task }: { task: TaskSummary }) {
  return (
    <li>
      <TaskLink task={task} />
      <span className="faint small"><Age since={task.createdAt} /></span>
    </li>
  );
}

type ActionsProps = Pick<AgentPanelProps, 'onEdit' | 'onConnect' | 'onRetire'> & { agent: Agent };

function Actions({ agent, onEdit, onConnect, onRetire }: ActionsProps) {
  const api = useApi();
  const undo = useUndo();
  const update = useMutation(api.agents.update.mutationOptions({ onError: notifyProblem }));
  const back = useMutation(api.agents.update.mutationOptions());
  const retired = agent.status === 'retired' ? 'It is retired.' : null;
  const paused = agent.status === 'paused';
  const { id, name } = agent;
  const [isPaused, isActive] = [`${name} is paused. ${drainWords(agent.running)}.`, `${name} takes work again.`];
  const turn = (): void =>
    update.mutate(
      { id, status: paused ? 'active' : 'paused' },
      {
        onSuccess: () =>
          undo.offer({
            done: paused ? isActive : isPaused,
            undone: paused ? isPaused : isActive,
            undo: () => back.mutateAsync({ id, status: paused ? 'paused' : 'active' }),
          }),
      },
    );
  const [mayOperate, mayWrite] = [useMay('agents:operate').allowed, useMay('agents:write').allowed];
  useAction('agent.pause', mayOperate && retired === null ? turn : null, { label: `${paused ? 'Resume' : 'Pause'} ${name}` });
  useAction('agent.edit', mayWrite && retired === null ? onEdit : null, { label: `Edit ${name}` });
  useAction('agent.retire', mayWrite && retireRefusal(agent) === null ? onRetire : null, { label: `Retire ${name}` });
  return (
    <>
      <MayButton
        permission="agents:operate"
        reason={retired}
        variant={paused ? 'filled' : 'default'}
        loading={update.isPending}
        onClick={turn}
      >
        {paused ? 'Resume' : 'Pause'}
      </MayButton>
      <MayButton permission="agents:write" reason={retired} onClick={onEdit}>Edit</MayButton>
      {agent.kind === 'external' && <MayButton permission="keys:manage" reason={retired} onClick={onConnect}>Connect</MayButton>}
      <MayButton permission="agents:write" reason={retireRefusal(agent)} onClick={onRetire}>Retire</MayButton>
    </>
  );
}

export function retireRefusal(agent: Agent): string | null {
  if (agent.status === 'retired') return 'It is retired already.';
  if (agent.builtIn) return 'Every workspace keeps its coordinator. Pause it instead.';
  if (agent.running > 0) return `It still runs ${formatPlural(agent.running, 'task')}. Pause it, and retire it when it is done.`;
  return null;
}
