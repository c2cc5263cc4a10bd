// The tasks of a plan as a list, in the order of the document.
import type { PlanNode } from '../../shared/plan.ts';
import { Elapsed, AgentMark, Duration } from '../components/values.tsx';
import { formatAttempts } from '../components/format.ts';
import { EmptyState } from '../components/layout.tsx';
import { ListTable, type ListColumn } from '../components/ListTable.tsx';
import { shownState } from '../components/state.ts';
import { StateBadge, StateShape } from '../components/StateBadge.tsx';
import styles from './plans.module.css';

const columns: readonly ListColumn<PlanNode>[] = [
  {
    id: 'state',
    header: 'State',
    width: 122,
    cell: (node) => <StateBadge state={shownState(node)} />,
    sortBy: shownState,
  },
  {
    id: 'title',
    header: 'Task',
    width: 170,
    grow: true,
    sortBy: (node) => node.title.toLowerCase(),
    cell: (node) => (
      <span className={styles.name}>
        <span className="ellipsis" title={node.title}>
          {node.title}
        </span>
        {node.handoffs > 0 && (
          <span className={styles.handoffs} title={`Handed off ${node.handoffs} times before`}>
            <StateShape state="handed_off" size={10} label="Handoffs" />
            {node.handoffs}
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'agent',
    header: 'Agent',
    width: 232,
    cell: (node) =>
      node.kind === 'approval' ? 'a person' : <AgentMark name={node.agentName} simulated={node.simulated} />,
    hideBelow: 560,
    sortBy: (node) => node.agentName ?? '',
  },
  { id: 'time', header: 'Time', width: 118, align: 'right', cell: (node) => <NodeTime node={node} /> },
  {
    id: 'attempt',
    header: 'Attempt',
    width: 74,
    align: 'right',
    cell: formatAttempts,
    hideBelow: 640,
  },
  {
    id: 'depends',
    header: 'Depends on',
    width: 150,
    cell: (node) => (node.dependsOn.length === 0 ? '–' : node.dependsOn.join(', ')),
    hideBelow: 900,
  },
  {
    id: 'key',
    header: 'Key',
    width: 110,
    cell: (node) => (
      <span className="mono ellipsis" title={node.key}>
        {node.key}
      </span>
    ),
    hideBelow: 1_020,
  },
];
const keyOf = (node: PlanNode): string => node.key;

function NodeTime({ node }: { node: PlanNode }) {
  if (node.state === 'running' && node.startedAt !== null)
    return <Elapsed since={node.startedAt} limitSeconds={node.timeLimitSeconds} />;
  return <Duration seconds={node.executionSeconds > 0 ? node.executionSeconds : null} />;
}

export function PlanTasks({
  tasks,
  selected,
  onOpen,
}: {
  tasks: readonly PlanNode[];
  selected: string | null;
  onOpen(key: string): void;
}) {
  return (
    <ListTable
      label="Tasks of the plan"
      columns={columns}
      rows={tasks}
      rowId={keyOf}
      selectedId={selected}
      onOpen={(node) => onOpen(node.key)}
      empty={<EmptyState title="No tasks" />}
    />
  );
}
