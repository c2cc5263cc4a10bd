// The list of every screen: TanStack Table for columns, TanStack Virtual for rows; a screen gives its columns.
// Table's `data` is a list of references that keeps its identity while only contents change: rebuilding every
// row for one patched row drops 100,000 rows to 15 frames a second. Visible rows are memoised on their row.
/* oxlint-disable react/refs -- refs are caches here, of which a lost write costs one rebuild */
import {
  columnResizingFeature,
  columnSizingFeature,
  createSortedRowModel,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
  type ColumnDef,
  type SortingState,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useEffectEvent,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import type { ListLayout } from '../../shared/preferences.ts';
import { CHOOSE_PX, useChoosing, type ChosenRows } from './chosenRows.ts';
import { ColumnMenu } from './ColumnMenu.tsx';
import { HeadCell } from './HeadCell.tsx';
import { moveActive } from './listKeys.ts';
import { ListRow, Skeleton, SKELETON_ROWS } from './ListRow.tsx';
import { shownColumns } from './listLayout.ts';
import { ROW_HEIGHT, useSteadyScroll, useWidth } from './listScroll.ts';
import { usePrinting } from './printing.ts';
import { ProblemNotice } from './ProblemNotice.tsx';
import { useListLayout } from './useListLayout.ts';
import styles from './ListTable.module.css';

const features = tableFeatures({
  columnSizingFeature,
  columnResizingFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns,
});

/** One column. `width` in px; `grow` takes the free width, and gives a fifth of its own before the list scrolls sideways. */
export interface ListColumn<Row> {
  id: string;
  header: string;
  width: number;
  cell(row: Row): ReactNode;
  grow?: boolean;
  align?: 'right';
  /** Makes the column sortable, in the window: only for lists that are loaded whole. */
  sortBy?(row: Row): string | number;
  /** Left out while the list is narrower than this, in px. */
  hideBelow?: number;
}

export interface ListTableProps<Row> {
  /** For a screen reader: "Tasks". */
  label: string;
  columns: readonly ListColumn<Row>[];
  /** Undefined while the first answer is on its way: the layout is kept by a skeleton. */
  rows: readonly Row[] | undefined;
  rowId(row: Row): string;
  /** The row whose details are open. */
  selectedId?: string | null;
  /** A click, or Enter. */
  onOpen?(row: Row): void;
  error?: unknown;
  onRetry?(): void;
  /** Stands where rows would be; teaches the first action. */
  empty: ReactNode;
  /** More rows can be fetched: called when the end comes near. */
  hasMore?: boolean;
  onMore?(): void;
  /** Rows can be chosen, several at once, for what is done to all of them. */
  chosen?: ChosenRows;
  autoFocus?: boolean;
}

const leastOf = ({ width, grow }: { width: number; grow?: boolean }): number => (grow ? Math.round(width * 0.8) : width);
/** Room at the end of a row, under the button of the columns. */
const END_PX = 26;
interface Reference {
  id: string;
  index: number;
}

export function ListTable<Row>(props: ListTableProps<Row>) {
  const { label, rowId, onOpen, selectedId = null, empty, error, onRetry, hasMore, onMore, chosen, autoFocus } = props;
  const rows = props.rows ?? (EMPTY as readonly Row[]);
  const listId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const [layout, setLayout] = useListLayout(label);
  const printing = usePrinting();
  const shown = useMemo(() => shownColumns(props.columns, layout, width), [props.columns, layout, width]);
  // A remembered order of a column that can be sorted no more, as when the list has become too long, is none.
  const sorting = useMemo<SortingState>(
    () => (layout.sort && shown.some(({ id, sortBy }) => id === layout.sort?.id && sortBy) ? [layout.sort] : []),
    [layout.sort, shown],
  );
  const data = useReferences(rows, rowId, sorting.length > 0);
  const latest = useRef(rows);
  latest.current = rows;

  const columns = useMemo(
    () =>
      shown.map(
        (column): ColumnDef<typeof features, Reference> => ({
          id: column.id,
          header: column.header,
          size: column.width,
          minSize: 44,
          enableSorting: column.sortBy !== undefined,
          accessorFn: ({ index }) => {
            const row = latest.current[index];
            return row === undefined ? '' : (column.sortBy?.(row) ?? '');
          },
        }),
      ),
    [shown],
  );
  const table = useTable({
    features,
    columns,
    data,
    getRowId: (reference) => reference.id,
    columnResizeMode: 'onChange',
    initialState: { columnSizing: layout.widths },
    state: { sorting },
    onSortingChange: (update) => setLayout({ ...layout, sort: applied(update, sorting)[0] ?? null }),
  });
  const ordered = table.getRowModel().rows;
  const sized = table.state.columnSizing;
  const keepWidths = useEffectEvent(() => {
    const widths = withinBounds(sized);
    if (JSON.stringify(widths) !== JSON.stringify(layout.widths)) setLayout({ ...layout, widths });
  });
  useEffect(() => keepWidths(), [sized]);
  const arrange = (next: ListLayout): void => {
    if (Object.keys(next.widths).length === 0) table.setColumnSizing({});
    setLayout(next);
  };
  const tracks = shown.map((column) => {
    const own = sized[column.id];
    if (own !== undefined) return `${own}px`;
    return column.grow ? `minmax(${leastOf(column)}px, 1fr)` : `${column.width}px`;
  });
  const template = [...(chosen ? [`${CHOOSE_PX}px`] : []), ...tracks].join(' ');
  const least = shown.reduce((sum, column) => sum + (sized[column.id] ?? leastOf(column)), END_PX + (chosen ? CHOOSE_PX : 0));

  const virtualizer = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    // On paper there is no scrolling: all that is loaded is drawn.
    overscan: printing ? ordered.length : 12,
    scrollPaddingStart: 28,
    initialRect: { width: 1024, height: 640 },
  });
  const visible = virtualizer.getVirtualItems();

  useSteadyScroll(scroller, ordered);
  const opened = selectedId === null ? -1 : ordered.findIndex((row) => row.id === selectedId);
  const [activeId, setActiveId] = useState<string | null>(null);
  // What was opened from elsewhere (a link, a new row) is brought into sight, and the keys go on from it.
  useEffect(() => {
    if (opened < 0) return;
    setActiveId(selectedId);
    virtualizer.scrollToIndex(opened, { align: 'auto' });
    // Not for each place that the row moves to: only when it is chosen, or comes in.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedId, opened >= 0]);
  const active = ordered.findIndex((row) => row.id === (activeId ?? selectedId));
  const lastVisible = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && ordered.length > 0 && lastVisible >= ordered.length - 20) onMore?.();
  }, [hasMore, lastVisible, onMore, ordered.length]);
  useEffect(() => {
    if (autoFocus) scroller.current?.focus({ preventScroll: true });
  }, [autoFocus]);

  const choosing = useChoosing(chosen, ordered);
  const rowAt = (index: number): Row | undefined => rows[ordered[index]?.original.index ?? -1];
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') {
      const row = rowAt(active);
      if (row !== undefined) onOpen?.(row);
      return;
    }
    if (chosen && (event.key === ' ' || (event.key === 'Escape' && chosen.ids.size > 0))) {
      event.preventDefault();
      event.stopPropagation();
      const id = ordered[active]?.id;
      if (event.key === 'Escape') chosen.set(new Set());
      else if (id !== undefined) choosing(id, false);
      return;
    }
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / ROW_HEIGHT) - 1);
    const next = moveActive(event.key, active, { count: ordered.length, page });
    if (next === null) return;
    event.preventDefault();
    const row = rowAt(next);
    const nextId = ordered[next]?.id ?? null;
    setActiveId(nextId);
    virtualizer.scrollToIndex(next, { align: 'auto' });
    if (chosen && event.shiftKey && nextId !== null) {
      const from = ordered[active]?.id;
      if (from !== undefined && !chosen.ids.has(from)) choosing(from, false);
      choosing(nextId, true);
      return;
    }
    // With details open the list drives them, as in a mail program.
    if (selectedId !== null && row !== undefined) onOpen?.(row);
  };

  const nothing = props.rows !== undefined && rows.length === 0;
  const failed = error !== undefined && error !== null && props.rows === undefined;
  const loading = props.rows === undefined && !failed;
  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={hasMore ? -1 : ordered.length + 1}
        aria-colcount={shown.length + (chosen ? 1 : 0)}
        aria-busy={loading}
        aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup">
          <div className={styles.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, minWidth: least }}>
            {chosen && <div role="columnheader" className={styles.headCell}><span className="hidden-visually">Chosen</span></div>}
            {table.getFlatHeaders().map((header) => (
              <HeadCell
                key={header.id}
                header={header}
                column={shown.find(({ id }) => id === header.column.id)}
                onFix={(size) => header.table.setColumnSizing((old) => ({ [header.column.id]: size, ...old }))}
              />
            ))}
          </div>
        </div>
        <div
          className={styles.body}
          role="rowgroup"
          style={{ height: loading ? SKELETON_ROWS * ROW_HEIGHT : virtualizer.getTotalSize(), minWidth: least }}
        >
          {loading && <Skeleton columns={shown} template={template} before={chosen !== undefined} />}
          {visible.map((item) => {
            const reference = ordered[item.index];
            const row = rowAt(item.index);
            if (!reference || row === undefined) return null;
            return (
              <ListRow
                key={reference.id}
                id={`${listId}-${item.index}`}
                row={row}
                index={item.index}
                columns={shown}
                template={template}
                selected={reference.id === selectedId}
                active={item.index === active}
                onOpen={onOpen}
                onActive={setActiveId}
                rowKey={reference.id}
                chosen={chosen ? chosen.ids.has(reference.id) : null}
                onChoose={choosing}
              />
            );
          })}
        </div>
        {hasMore && rows.length > 0 && <div className={styles.more}>Loading more…</div>}
      </div>
      <ColumnMenu label={label} columns={props.columns} layout={layout} shown={shown} onChange={arrange} />
      {nothing && <div className={styles.message}>{empty}</div>}
      {failed && (
        <div className={styles.message}>
          <div className={styles.problem}>
            <ProblemNotice error={error} onRetry={onRetry} />
          </div>
        </div>
      )}
    </div>
  );
}

function applied<T>(update: T | ((before: T) => T), before: T): T {
  return typeof update === 'function' ? (update as (before: T) => T)(before) : update;
}

/** What may be remembered: whole px that leave a column usable. */
function withinBounds(sizes: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(sizes).map(([id, size]) => [id, Math.round(Math.min(2_000, Math.max(44, size)))]));
}

const EMPTY: readonly unknown[] = [];

/** References to rows; the same array while ids and order are the same, unless a sort must see new contents. */
function useReferences<Row>(rows: readonly Row[], rowId: (row: Row) => string, renew: boolean): Reference[] {
  const kept = useRef<Reference[]>([]);
  return useMemo(() => {
    const before = kept.current;
    const same = !renew && before.length === rows.length && rows.every((row, index) => before[index]?.id === rowId(row));
    if (!same) kept.current = rows.map((row, index) => ({ id: rowId(row), index }));
    return kept.current;
  }, [rows, rowId, renew]);
}
