// Failed tasks by what their errors say: a hundred thousand of them are read as forty groups.
import { useQuery } from '@tanstack/react-query';
import type { ErrorGroup } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { formatCount } from '../components/format.ts';
import { EmptyState } from '../components/layout.tsx';
import { ListTable, type ListColumn } from '../components/ListTable.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { Age } from '../components/values.tsx';
import { scopeOf, type Search } from './filters.ts';
import styles from './tasks.module.css';

const columns: readonly ListColumn<ErrorGroup>[] = [
  { id: 'count', header: 'Failed', width: 84, align: 'right', cell: (group) => <b>{formatCount(group.count)}</b>, sortBy: (group) => group.count },
  {
    id: 'title',
    header: 'What the error says',
    width: 240,
    grow: true,
    cell: (group) => (
      <span className={`mono ${styles.errorTitle}`} title={group.title}>
        <ErrorTitle title={group.title} />
      </span>
    ),
  },
  { id: 'code', header: 'Code', width: 130, hideBelow: 700, cell: (group) => <span className="mono ellipsis" title={group.code}>{group.code}</span> },
  { id: 'agents', header: 'Agents', width: 74, align: 'right', hideBelow: 600, cell: (group) => formatCount(group.agents), sortBy: (group) => group.agents },
  { id: 'first', header: 'First', width: 84, align: 'right', hideBelow: 820, cell: (group) => <Age since={group.firstAt} />, sortBy: (group) => group.firstAt },
  { id: 'last', header: 'Last', width: 84, align: 'right', cell: (group) => <Age since={group.lastAt} />, sortBy: (group) => group.lastAt },
];

/** Letters at the end that stay where there is no room for all: errors that begin alike often differ there. */
const TAIL = 22;

function ErrorTitle({ title }: { title: string }) {
  if (title.length <= TAIL * 2) return <span className="ellipsis">{title}</span>;
  return (
    <>
      <span className="ellipsis">{title.slice(0, -TAIL)}</span>
      <span className={styles.errorTail}>{title.slice(-TAIL)}</span>
    </>
  );
}

interface ErrorGroupsProps {
  search: Search;
  /** Shows the tasks of a group. */
  onOpen(group: ErrorGroup): void;
}
export function ErrorGroups({ search, onOpen }: ErrorGroupsProps) {
  const api = useApi();
  const { errorGroup: _group, ...scope } = scopeOf(search);
  const groups = useQuery(api.tasks.errorGroups.queryOptions(scope));
  return (
    <ListTable
      label="Errors"
      columns={columns}
      rows={groups.data?.items}
      rowId={(group) => group.fingerprint}
      onOpen={onOpen}
      error={groups.error}
      onRetry={() => void groups.refetch()}
      empty={
        <EmptyState icon={<StateShape state="succeeded" size={22} />} title="Nothing has failed here">
          Tasks that have used up their attempts are grouped here by what their errors say, so that one look shows what to
          mend and one action tries them all again.
        </EmptyState>
      }
      autoFocus
    />
  );
}
