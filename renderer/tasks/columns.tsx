// The columns of the tasks' list.
import type { TaskSummary } from '../../shared/task.ts';
import { Link } from '../app/Link.tsx';
import { formatAttempts, formatPlural, shortId } from '../components/format.ts';
import type { ListColumn } from '../components/ListTable.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { shownState } from '../components/state.ts';
import { Age, AgentMark, Id, Money, SimulatedMark } from '../components/values.tsx';
import styles from './tasks.module.css';

/** Below this width of the list the agent's column is left out; the title then says what is simulated. */
const AGENT_FROM = 560;

export const taskColumns: readonly ListColumn<TaskSummary>[] = [
  { id: 'state', header: 'State', width: 132, cell: (task) => <StateBadge state={shownState(task)} /> },
  {
    id: 'title',
    header: 'Task',
    width: 170,
    grow: true,
    cell: (task) => (
      <span className={styles.title}>
        <span className="ellipsis" title={task.title}>{task.title}</span>
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
    width: 232,
    hideBelow: AGENT_FROM,
    cell: (task) => <AgentMark name={task.agentName} simulated={task.simulated} />,
  },
  { id: 'priority', header: 'Prio', width: 50, align: 'right', hideBelow: 930, cell: (task) => String(task.priority) },
  { id: 'attempt', header: 'Attempt', width: 66, align: 'right', hideBelow: 720, cell: formatAttempts },
  { id: 'age', header: 'Age', width: 68, align: 'right', cell: (task) => <Age since={task.createdAt} /> },
  { id: 'cost', header: 'Cost', width: 66, align: 'right', hideBelow: 820, cell: (task) => <Money usd={task.costUsd} /> },
  { id: 'id', header: 'Id', width: 112, hideBelow: 1_040, cell: (task) => <Id id={task.id} /> },
];
