// The columns of the tasks' list.
import { isRetrying, type TaskSummary } from '../../shared/task.ts';
import { Link } from '../app/Link.tsx';
import { formatAttempts, formatDuration, formatPlural, shortId } from '../components/format.ts';
import type { ListColumn } from '../components/ListTable.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { shownState } from '../components/state.ts';
import { Age, AgentMark, Elapsed, Id, Money, SimulatedMark } from '../components/values.tsx';
import styles from './tasks.module.css';

/** Below this width of the list the agent's column is left out; the title then says what is simulated. */
const AGENT_FROM = 560;

/** What its error says, of one that failed or is tried again. */
function said(task: TaskSummary): string | null {
  if (task.error === null || (task.state !== 'failed' && !isRetrying(task))) return null;
  return task.error.message.replaceAll(/\s+/g, ' ').slice(0, 300);
}

/** Of all its attempts; of the present one while it runs. */
function RunTime({ task }: { task: TaskSummary }) {
  if (task.state === 'running' && task.startedAt !== null) return <Elapsed since={task.startedAt} />;
  if (task.executionSeconds === 0) return <span className="faint">–</span>;
  return <span className="figures">{formatDuration(task.executionSeconds < 10 ? task.executionSeconds : Math.round(task.executionSeconds))}</span>;
}

export const taskColumns: readonly ListColumn<TaskSummary>[] = [
  { id: 'state', header: 'State', width: 126, cell: (task) => <StateBadge state={shownState(task)} /> },
  {
    id: 'title',
    header: 'Task',
    width: 170,
    grow: true,
    cell: (task) => (
      <span className={styles.title}>
        <span className={`${styles.name} ellipsis`} title={task.title}>{task.title}</span>
        {said(task) !== null && <span className={`${styles.said} ellipsis`} title={said(task) ?? undefined}>{said(task)}</span>}
        {task.succeededBy !== null && (
          <Link
            to={{ place: 'tasks', id: task.succeededBy }}
            className={styles.successor}
            title="Opens the task that goes on with this one"
            tabIndex={-1}
            onClick={(event) => event.stopPropagation()}
          >
            goes on as <span className="mono">{shortId(task.succeededBy)}</span>
          </Link>
        )}
        {task.handoffs > 0 && task.succeededBy === null && (
          <span className={styles.successor} title="It goes on with work that was handed off; its details show all of it as one">
            after {formatPlural(task.handoffs, 'handoff')}
          </span>
        )}
        {task.simulated && <span className={styles.narrowTag}><SimulatedMark /></span>}
      </span>
    ),
  },
  {
    id: 'agent',
    header: 'Agent',
    width: 196,
    hideBelow: AGENT_FROM,
    cell: (task) => <AgentMark name={task.agentName} simulated={task.simulated} />,
  },
  { id: 'priority', header: 'Prio', width: 50, align: 'right', hideBelow: 930, cell: (task) => String(task.priority) },
  { id: 'attempt', header: 'Attempt', width: 66, align: 'right', hideBelow: 720, cell: formatAttempts },
  { id: 'ran', header: 'Run time', width: 84, align: 'right', hideBelow: 1_250, cell: (task) => <RunTime task={task} /> },
  { id: 'ended', header: 'Ended', width: 76, align: 'right', hideBelow: 1_250, cell: (task) => (task.finishedAt === null ? <span className="faint">–</span> : <Age since={task.finishedAt} />) },
  { id: 'age', header: 'Age', width: 68, align: 'right', cell: (task) => <Age since={task.createdAt} /> },
  { id: 'cost', header: 'Cost', width: 66, align: 'right', hideBelow: 820, cell: (task) => <Money usd={task.costUsd} /> },
  { id: 'id', header: 'Id', width: 112, hideBelow: 1_040, cell: (task) => <Id id={task.id} /> },
];
