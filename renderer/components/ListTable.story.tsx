// The list with its filter and details, over the fixtures' tasks.
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { AppError } from '../../shared/errors.ts';
import type { TaskSummary } from '../../shared/task.ts';
import { agents, manyTasks, tasks } from '../stories/fixtures.ts';
import { defineStories } from '../stories/story.ts';
import type { FilterField, FilterValue } from './filter.ts';
import { FilterBar } from './FilterBar.tsx';
import { formatCount } from './format.ts';
import { Details, EmptyState, PageHeader, Screen, SplitDetails } from './layout.tsx';
import { ListTable, type ListColumn, type ListTableProps } from './ListTable.tsx';
import { shownState, stateWords } from './state.ts';
import { StateBadge } from './StateBadge.tsx';
import { AgentMark, Id, Money, Time } from './values.tsx';

const columns: readonly ListColumn<TaskSummary>[] = [
  { id: 'state', header: 'State', width: 118, cell: (task) => <StateBadge state={shownState(task)} /> },
  { id: 'title', header: 'Task', width: 180, grow: true, cell: (task) => task.title },
  { id: 'agent', header: 'Agent', width: 220, hideBelow: 520, cell: (task) => <AgentMark name={task.agentName} simulated={task.simulated} /> },
  { id: 'priority', header: 'Prio', width: 54, align: 'right', hideBelow: 760, sortBy: (task) => task.priority, cell: (task) => String(task.priority) },
  { id: 'attempt', header: 'Attempt', width: 72, align: 'right', hideBelow: 640, cell: (task) => (task.attempt === 0 ? '–' : `${task.attempt} / ${task.maxAttempts}`) },
  { id: 'age', header: 'Created', width: 92, align: 'right', cell: (task) => <Time value={task.createdAt} /> },
  { id: 'cost', header: 'Cost', width: 76, align: 'right', hideBelow: 820, cell: (task) => <Money usd={task.costUsd} /> },
  { id: 'id', header: 'Id', width: 108, hideBelow: 920, cell: (task) => <Id id={task.id} /> },
];
const fields: readonly FilterField[] = [
  { key: 'state', label: 'State', multiple: true, values: ['running', 'queued', 'failed', 'succeeded'].map((value) => ({ value, label: stateWords[value as 'running'] })) },
  { key: 'agent', label: 'Agent', values: agents.map((agent) => ({ value: agent.id, label: agent.name })) },
];
const idOf = (task: TaskSummary): string => task.id;

function List({ rows, open, ...rest }: Partial<ListTableProps<TaskSummary>> & { open?: boolean }) {
  const [opened, setOpened] = useState<TaskSummary | null>(open ? (rows?.[3] ?? null) : null);
  const [filter, setFilter] = useState<FilterValue>({ state: 'running,queued,failed' });
  const empty = useMemo(
    () => (
      <EmptyState title="No tasks yet" actions={<Button variant="filled">New task</Button>}>
        A task is one thing for one agent to do.
      </EmptyState>
    ),
    [],
  );
  const list = (
    <ListTable label="Tasks" columns={columns} rows={rows} rowId={idOf} selectedId={opened?.id ?? null} onOpen={setOpened} empty={empty} {...rest} />
  );
  const details = opened && (
    <Details
      label={opened.title}
      head={<><StateBadge state={shownState(opened)} /><span className="grow" /><Id id={opened.id} /></>}
      onClose={() => setOpened(null)}
      footer={<><Button variant="filled">Retry now</Button><Button>Reassign</Button><Button>Cancel</Button></>}
    >
      <div style={{ fontWeight: 600, fontSize: 15, letterSpacing: '-0.01em' }}>{opened.title}</div>
      <p className="dim">{opened.error?.message ?? 'Nothing went wrong so far.'}</p>
    </Details>
  );
  return (
    <Screen>
      <PageHeader title="Tasks" actions={<Button variant="filled">New task</Button>} />
      <FilterBar label="Filter tasks" fields={fields} value={filter} onChange={setFilter} aside={rows ? `${formatCount(rows.length)} tasks` : null} />
      <SplitDetails list={list} details={details} />
    </Screen>
  );
}

const many = manyTasks(100_000);
export const stories = defineStories('list', {
  some: { frame: 'shell', path: '/tasks', render: () => <List rows={tasks} /> },
  open: { frame: 'shell', path: '/tasks', render: () => <List rows={tasks} open /> },
  many: { frame: 'shell', path: '/tasks', render: () => <List rows={many} /> },
  empty: { frame: 'shell', path: '/tasks', render: () => <List rows={[]} /> },
  loading: { frame: 'shell', path: '/tasks', render: () => <List rows={undefined} /> },
  failing: {
    frame: 'shell',
    path: '/tasks',
    render: () => <List rows={undefined} error={new AppError('unavailable', 'The backend does not answer.')} onRetry={() => undefined} />,
  },
});
