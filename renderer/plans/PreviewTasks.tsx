// The tasks of a preview as a list: who gets each, and whether that agent is there.
import { useMemo } from 'react';
import type { Agent } from '../../shared/agent.ts';
import { COORDINATOR } from '../../shared/agent.ts';
import type { PlannedTask } from '../../shared/plan.ts';
import { formatDuration } from '../components/format.ts';
import { EmptyState } from '../components/layout.tsx';
import { ListTable, type ListColumn } from '../components/ListTable.tsx';
import { AgentMark, Chip } from '../components/values.tsx';
import { standingOf, type Standing } from './planForm.ts';

interface Row {
  task: PlannedTask;
  /** Null while the agents of the workspace are on their way. */
  standing: Standing | null;
}

const columns: readonly ListColumn<Row>[] = [
  {
    id: 'key',
    header: 'Key',
    width: 130,
    cell: ({ task }) => (
      <span className="mono ellipsis" title={task.key}>
        {task.key}
      </span>
    ),
    hideBelow: 760,
  },
  { id: 'title', header: 'Task', width: 190, grow: true, cell: ({ task }) => task.title },
  {
    id: 'agent',
    header: 'Agent',
    width: 170,
    cell: ({ task }) => <AgentMark name={task.agent ?? COORDINATOR} />,
  },
  { id: 'standing', header: '', width: 84, cell: ({ standing }) => standing && <Chip>{standing}</Chip> },
  {
    id: 'limit',
    header: 'Limit',
    width: 76,
    align: 'right',
    cell: ({ task }) => formatDuration(task.timeLimitSeconds),
    hideBelow: 500,
  },
  {
    id: 'depends',
    header: 'Depends on',
    width: 150,
    cell: ({ task }) => (task.dependsOn.length === 0 ? '–' : task.dependsOn.join(', ')),
    hideBelow: 900,
  },
];
const keyOf = ({ task }: Row): string => task.key;

export function PreviewTasks({
  tasks,
  known,
}: {
  tasks: readonly PlannedTask[];
  known: readonly Agent[] | undefined;
}) {
  const rows = useMemo(
    () => tasks.map((task): Row => ({ task, standing: known ? standingOf(task.agent, known) : null })),
    [tasks, known],
  );
  return (
    <ListTable
      label="Tasks of the plan"
      columns={columns}
      rows={rows}
      rowId={keyOf}
      empty={<EmptyState title="No tasks">The document names none.</EmptyState>}
    />
  );
}
