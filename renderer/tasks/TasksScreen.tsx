// The tasks: every one of the workspace, filtered, with the details of one beside the list.
import { Button } from '@mantine/core';
import { IconListDetails, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Task, TaskSummary } from '../../shared/task.ts';
import { useAllAgents, useAllPlans, useAllProviders, useAllQueues, useAllSchedules } from '../app/all.ts';
import { useApi } from '../app/api.ts';
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { BulkMenu } from '../bulk-plans/index.ts';
import { SavedViews } from '../app/SavedViews.tsx';
import type { ChosenRows } from '../components/chosenRows.ts';
import { FilterBar } from '../components/FilterBar.tsx';
import { formatCount, formatPlural } from '../components/format.ts';
import { EmptyState, PageHeader, Screen, Segments, SplitDetails } from '../components/layout.tsx';
import { ListTable } from '../components/ListTable.tsx';
import { useNow } from '../components/now.tsx';
import { CancelTaskDialog } from './CancelTaskDialog.tsx';
import { taskColumns } from './columns.tsx';
import { ErrorGroups } from './ErrorGroups.tsx';
import { bulkFilter, filterFields, fromFilter, isFiltered, toFilter, viewOf, wouldShow, withView, type View } from './filters.ts';
import { ImportScreen } from './import/ImportScreen.tsx';
import { NewTaskDialog } from './NewTaskDialog.tsx';
import { TaskPanel } from './TaskPanel.tsx';
import { useTaskActions } from './useTaskActions.ts';
import { useTaskKeys } from './useTaskKeys.ts';
import { useTaskList, type TaskList } from './useTaskList.ts';

const idOf = (task: TaskSummary): string => task.id;

export function TasksScreen() {
  const { search } = useRoute();
  return search.import === '1' ? <ImportScreen /> : <TaskListScreen />;
}

function TaskListScreen() {
  const api = useApi();
  const go = useGo();
  const { id, search: { new: creating, ...search } } = useRoute();
  const list = useTaskList(search);
  const actions = useTaskActions();
  const [cancelling, setCancelling] = useState<string | null>(null);
  const agents = useAllAgents().rows;
  const plans = useAllPlans().rows;
  const now = useNow(60_000);
  const queues = useAllQueues().rows;
  const schedules = useAllSchedules().rows;
  const accounts = useAllProviders().rows;
  const grouped = viewOf(search) === 'errors' || search.errorGroup !== undefined;
  const errorGroups = useQuery(api.tasks.errorGroups.queryOptions({}, { enabled: grouped })).data?.items;
  const fields = useMemo(
    () =>
      filterFields(
        { agents: agents ?? [], plans: plans ?? [], queues: queues ?? [], schedules: schedules ?? [], accounts: accounts ?? [], errorGroups: errorGroups ?? [] },
        now,
      ),
    [agents, plans, queues, schedules, accounts, errorGroups, now],
  );

  const chosen = useChosen(JSON.stringify(bulkFilter(search)));
  const open = useTask(id, list.rows);
  const toCancel = open?.id === cancelling ? open : undefined;
  useTaskKeys(open, { actions, onCancel: setCancelling });

  const show = (next: { id?: string | null; search?: Record<string, string | undefined> }): void =>
    go({ place: 'tasks', id, search, ...next }, { replace: true });
  const created = (task: Task): void =>
    go({ place: 'tasks', id: task.id, search: wouldShow(search, task) ? search : {} }, { replace: true });
  const views = [
    { value: 'all', label: 'All' },
    { value: 'attention', label: 'Needs attention', count: list.views.attention },
    { value: 'running', label: 'Running', count: list.views.running },
    { value: 'errors', label: 'Errors', count: list.views.failed },
  ];
  return (
    <Screen>
      <PageHeader
        title="Tasks"
        aside={
          <>
            <Segments label="View" options={views} value={viewOf(search) ?? ''} onChange={(view) => show({ search: withView(search, view as View), ...(view === 'errors' && { id: null }) })} />
            <SavedViews place="tasks" />
          </>
        }
        actions={
          <>
            <MayButton permission="tasks:create" onClick={() => go({ place: 'tasks', search: { ...search, import: '1' } })}>
              Import…
            </MayButton>
            <BulkMenu filter={bulkFilter(search)} matching={list.matching} chosen={chosen.ids} onClear={() => chosen.set(new Set())} />
            <MayButton permission="tasks:create" variant="filled" onClick={() => show({ search: { ...search, new: '1' } })}>
              New task
            </MayButton>
          </>
        }
      />
      <FilterBar
        label="Filter tasks"
        fields={fields}
        value={toFilter(search)}
        onChange={(filter) => show({ search: fromFilter(search, filter) })}
        aside={<CountOf list={list} />}
      />
      <SplitDetails
        list={
          viewOf(search) === 'errors' ? (
            <ErrorGroups
              search={search}
              onOpen={({ fingerprint }) => go({ place: 'tasks', search: { ...withView(search, 'all'), state: 'failed', errorGroup: fingerprint } })}
            />
          ) : (
          <ListTable
            label="Tasks"
            columns={taskColumns}
            rows={list.rows}
            rowId={idOf}
            selectedId={id}
            onOpen={(task) => go({ place: 'tasks', id: task.id, search }, { replace: id !== null })}
            error={list.error}
            onRetry={list.retry}
            hasMore={list.hasMore}
            onMore={list.more}
            chosen={chosen}
            empty={<Nothing filtered={isFiltered(search)} list={list} onNew={() => show({ search: { ...search, new: '1' } })} onAll={() => show({ search: {} })} />}
            autoFocus
          />
          )
        }
        details={
          id === null ? null : (
            <TaskPanel id={id} row={open} actions={actions} onCancel={() => setCancelling(id)} onClose={() => show({ id: null })} />
          )
        }
      />
      {open && <CancelTaskDialog key={(toCancel ?? open).id} task={toCancel ?? open} opened={toCancel !== undefined} actions={actions} onClose={() => setCancelling(null)} />}
      <NewTaskDialog
        opened={creating === '1'}
        agents={agents ?? []}
        agentId={search.agentId}
        onClose={() => show({})}
        onCreated={created}
      />
    </Screen>
  );
}

/** Rows that were chosen one by one; of another filter none, as nobody would see them any more. */
function useChosen(filter: string): ChosenRows {
  const [state, setState] = useState<{ filter: string; ids: ReadonlySet<string> }>({ filter, ids: NONE });
  const ids = state.filter === filter ? state.ids : NONE;
  return useMemo(() => ({ ids, set: (next) => setState({ filter, ids: next }) }), [filter, ids]);
}
const NONE: ReadonlySet<string> = new Set();

/** The open task as it is known best: its details, or its row. */
function useTask(id: string | null, rows: TaskSummary[] | undefined): TaskSummary | undefined {
  const api = useApi();
  const details = useQuery(api.tasks.details.queryOptions({ id: id ?? '' }, { enabled: id !== null }));
  const row = rows?.find((task) => task.id === id);
  const known = details.data?.task;
  if (!known || !row) return known ?? row;
  return known.version >= row.version ? known : row;
}

/** `37 of 1,284`. */
function CountOf({ list }: { list: TaskList }) {
  if (list.total === null) return null;
  const shown = list.matching ?? list.rows?.length ?? 0;
  return shown === list.total ? formatPlural(list.total, 'task') : `${formatCount(shown)} of ${formatCount(list.total)}`;
}

interface NothingProps {
  filtered: boolean;
  list: TaskList;
  onNew(): void;
  onAll(): void;
}
function Nothing({ filtered, list, onNew, onAll }: NothingProps) {
  const go = useGo();
  const icon = <IconListDetails size={28} stroke={1.4} />;
  if (filtered && list.total !== 0) {
    return (
      <EmptyState icon={icon} title="No task matches" actions={<Button onClick={onAll}>Show all tasks</Button>}>
        Nothing is wrong: the filter leaves none over. Matching tasks come in here as they change.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={icon}
      title="No tasks yet"
      actions={
        <>
          <MayButton permission="tasks:create" variant="filled" leftSection={<IconPlus size={14} />} onClick={onNew}>
            New task
          </MayButton>
          <MayButton permission="tasks:create" onClick={() => go({ place: 'tasks', search: { import: '1' } })}>Import from a file</MayButton>
        </>
      }
    >
      A task is one thing for one agent to do. Write the first one, or bring many in from a file. You see it run here, with its
      attempts, its output and what it cost.
    </EmptyState>
  );
}
