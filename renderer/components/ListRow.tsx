// A row of a list, and what stands for the rows while they are on their way. Memoised on its row.
import { memo } from 'react';
import { ROW_HEIGHT } from './listScroll.ts';
import type { ListColumn } from './ListTable.tsx';
import { timedAs } from './timing.ts';
import styles from './ListTable.module.css';

export const SKELETON_ROWS = 14;

interface ListRowProps<Row> {
  id: string;
  rowKey: string;
  row: Row;
  index: number;
  columns: readonly ListColumn<Row>[];
  template: string;
  selected: boolean;
  active: boolean;
  onOpen: ((row: Row) => void) | undefined;
  onActive(id: string): void;
  /** Null: rows are not chosen in this list. */
  chosen: boolean | null;
  onChoose(id: string, range: boolean): void;
}

function PlainRow<Row>(props: ListRowProps<Row>) {
  const { id, rowKey, row, index, columns, template, selected, active, onOpen, onActive, chosen, onChoose } = props;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid takes the keys for its rows
    <div
      id={id}
      className={styles.row}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-active={active || undefined}
      data-chosen={chosen || undefined}
      style={{ gridTemplateColumns: template, transform: `translateY(${index * ROW_HEIGHT}px)` }}
      onClick={(event) => {
        onActive(rowKey);
        if (chosen !== null && (event.shiftKey || event.ctrlKey || event.metaKey)) onChoose(rowKey, event.shiftKey);
        else onOpen?.(row);
      }}
    >
      {chosen !== null && (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the grid has the focus, and Space in it does the same
        <div
          className={styles.choose}
          role="gridcell"
          onClick={(event) => {
            event.stopPropagation();
            onActive(rowKey);
            onChoose(rowKey, event.shiftKey);
          }}
        >
          <input type="checkbox" tabIndex={-1} readOnly checked={chosen} aria-label={`Choose row ${index + 1}`} />
        </div>
      )}
      {columns.map((column) => {
        const content = column.cell(row);
        return (
          <div key={column.id} className={styles.cell} role="gridcell" data-right={column.align === 'right' || undefined}>
            {typeof content === 'string' ? <span className={styles.text} title={content} {...timedAs('rows')}>{content}</span> : content}
          </div>
        );
      })}
    </div>
  );
}
export const ListRow = memo(PlainRow) as typeof PlainRow;

interface SkeletonProps<Row> {
  columns: readonly ListColumn<Row>[];
  template: string;
  /** The rows can be chosen: their boxes come before. */
  before: boolean;
}
export function Skeleton<Row>({ columns, template, before }: SkeletonProps<Row>) {
  return Array.from({ length: SKELETON_ROWS }, (_, index) => (
    <div
      key={index}
      className={styles.row}
      aria-hidden
      style={{ gridTemplateColumns: template, transform: `translateY(${index * ROW_HEIGHT}px)` }}
    >
      {before && <div />}
      {columns.map((column) => (
        <div key={column.id} className={styles.cell} data-right={column.align === 'right' || undefined}>
          <div className={styles.skeleton} style={{ width: `${column.grow ? 38 + ((index * 17) % 30) : 55}%` }} />
        </div>
      ))}
    </div>
  ));
}
