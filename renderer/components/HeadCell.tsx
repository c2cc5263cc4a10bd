// One cell of a list's head: its name, how it sorts, and the handle that makes its column wider.
import type { MouseEvent, TouchEvent } from 'react';
import styles from './ListTable.module.css';

/** The part of the table's header that is used. */
interface Header {
  getResizeHandler(): (event: unknown) => void;
  column: {
    getCanSort(): boolean;
    getIsSorted(): false | 'asc' | 'desc';
    getToggleSortingHandler(): ((event: unknown) => void) | undefined;
    getIsResizing(): boolean;
    resetSize(): void;
  };
}

interface HeadCellProps {
  header: Header;
  column: { header: string; align?: 'right' } | undefined;
  /** A growing column has no width of its own: resizing starts from the drawn one. */
  onFix(width: number): void;
}
export function HeadCell({ header, column, onFix }: HeadCellProps) {
  const sorted = header.column.getIsSorted();
  const resize = (event: MouseEvent<HTMLElement> | TouchEvent<HTMLElement>): void => {
    onFix(Math.round(event.currentTarget.parentElement?.getBoundingClientRect().width ?? 0));
    header.getResizeHandler()(event);
  };
  return (
    <div
      className={styles.headCell}
      role="columnheader"
      data-right={column?.align === 'right' || undefined}
      aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
    >
      {header.column.getCanSort() ? (
        <button type="button" className={styles.sort} data-print="keep" onClick={header.column.getToggleSortingHandler()}>
          <span className="ellipsis">{column?.header}</span>
          <span aria-hidden>{sorted === false ? '' : sorted === 'asc' ? '↑' : '↓'}</span>
        </button>
      ) : (
        <span className="ellipsis">{column?.header}</span>
      )}
      <span
        className={styles.handle}
        aria-hidden
        data-resizing={header.column.getIsResizing() || undefined}
        onMouseDown={resize}
        onTouchStart={header.getResizeHandler()}
        onDoubleClick={() => header.column.resetSize()}
      />
    </div>
  );
}
