// @vitest-environment jsdom
// The list by keyboard, and what it shows when there are no rows.
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import '../testing/dom.ts';
import { AppError } from '../../shared/errors.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { ListTable, type ListColumn, type ListTableProps } from './ListTable.tsx';

interface Row {
  id: string;
  name: string;
  rank: number;
}
const rows: Row[] = Array.from({ length: 500 }, (_, index) => ({ id: `r${index}`, name: `Row ${index}`, rank: (index * 7) % 500 }));
const columns: readonly ListColumn<Row>[] = [
  { id: 'name', header: 'Name', width: 100, grow: true, cell: (row) => row.name },
  { id: 'rank', header: 'Rank', width: 60, align: 'right', sortBy: (row) => row.rank, cell: (row) => String(row.rank) },
];
const idOf = (row: Row): string => row.id;

function table(over: Partial<ListTableProps<Row>> = {}) {
  return (
    <StoryFrame>
      <ListTable label="Rows" columns={columns} rows={rows} rowId={idOf} empty="Nothing yet" {...over} />
    </StoryFrame>
  );
}
const active = (): string | null => {
  const grid = screen.getByRole('grid');
  const id = grid.getAttribute('aria-activedescendant');
  return id === null ? null : (document.getElementById(id)?.textContent ?? id);
};
const press = (...keys: string[]): void => keys.forEach((key) => fireEvent.keyDown(screen.getByRole('grid'), { key }));
afterEach(cleanup);

test('arrows, j, k, Home and Enter move and open', () => {
  const onOpen = vi.fn();
  render(table({ onOpen }));
  expect(active()).toBeNull();
  press('j', 'ArrowDown', 'j');
  expect(active()).toContain('Row 2');
  press('k', 'Enter');
  expect(onOpen).toHaveBeenLastCalledWith(rows[1]);
  press('Home', 'ArrowUp');
  expect(active()).toContain('Row 0');
  expect(onOpen).toHaveBeenCalledTimes(1);
});

test('with details open, moving opens the next row', () => {
  const opened: string[] = [];
  function Driven() {
    const [id, setId] = useState('r3');
    return (
      <ListTable
        label="Rows" columns={columns} rows={rows} rowId={idOf} empty="" selectedId={id}
        onOpen={(row) => {
          opened.push(row.id);
          setId(row.id);
        }}
      />
    );
  }
  render(<StoryFrame><Driven /></StoryFrame>);
  press('ArrowDown', 'ArrowDown', 'ArrowUp');
  expect(opened).toEqual(['r4', 'r5', 'r4']);
});

test('keys with a modifier, and keys in a control of the header, are left alone', () => {
  render(table());
  fireEvent.keyDown(screen.getByRole('grid'), { key: 'j', ctrlKey: true });
  fireEvent.keyDown(screen.getByRole('button', { name: /Rank/ }), { key: 'j' });
  expect(active()).toBeNull();
});

test('a header sorts, and says so; the rows open as sorted', () => {
  const onOpen = vi.fn();
  render(table({ onOpen }));
  fireEvent.click(screen.getByRole('button', { name: /Rank/ }));
  const first = screen.getByRole('columnheader', { name: /Rank/ }).getAttribute('aria-sort');
  press('Home', 'Enter');
  const opened = onOpen.mock.lastCall?.[0] as Row;
  expect(opened.rank).toBe(first === 'ascending' ? 0 : 499);
});

test('only rows in sight are in the document, of how many it says', () => {
  render(table());
  expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('501');
  expect(screen.getAllByRole('row').length).toBeLessThan(80);
});

test('a patched row is drawn anew, the others are not', () => {
  const cell = vi.fn((row: Row) => row.name);
  const counted: readonly ListColumn<Row>[] = [{ id: 'name', header: 'Name', width: 100, cell }];
  const { rerender } = render(table({ columns: counted }));
  const before = cell.mock.calls.length;
  rerender(table({ columns: counted, rows: rows.with(1, { id: 'r1', name: 'Renamed', rank: 1 }) }));
  expect(screen.getByText('Renamed')).toBeTruthy();
  expect(cell.mock.calls.slice(before).map(([row]) => row.id)).toEqual(['r1']);
});

test('empty teaches, loading keeps the layout, failing says why and tries again', () => {
  const { rerender } = render(table({ rows: [] }));
  expect(screen.getByText('Nothing yet')).toBeTruthy();
  rerender(table({ rows: undefined }));
  expect(screen.getByRole('grid').getAttribute('aria-busy')).toBe('true');
  expect(screen.queryByText('Nothing yet')).toBeNull();
  const onRetry = vi.fn();
  rerender(table({ rows: undefined, error: new AppError('unavailable', 'The backend does not answer.'), onRetry }));
  fireEvent.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Try again' }));
  expect(onRetry).toHaveBeenCalledTimes(1);
});
