// @vitest-environment jsdom
// A list that is scrolled stays where it is while rows come and go above; at the top new rows show.
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { ListTable, type ListColumn } from './ListTable.tsx';

interface Row {
  id: string;
}
const ROW = 31;
const columns: readonly ListColumn<Row>[] = [{ id: 'id', header: 'Id', width: 100, cell: (row) => row.id }];
const idOf = (row: Row): string => row.id;
const rows: Row[] = Array.from({ length: 200 }, (_, index) => ({ id: `r${index}` }));
const table = (shown: Row[]) => (
  <StoryFrame>
    <ListTable label="Rows" columns={columns} rows={shown} rowId={idOf} empty="" />
  </StoryFrame>
);

function scrolledTo(row: number) {
  const { rerender } = render(table(rows));
  const grid = screen.getByRole('grid');
  grid.scrollTop = row * ROW + 7;
  return { grid, show: (next: Row[]) => rerender(table(next)) };
}
afterEach(cleanup);

test('new rows above move the view with them', () => {
  const { grid, show } = scrolledTo(50);
  show([{ id: 'new1' }, { id: 'new2' }, ...rows]);
  expect(grid.scrollTop).toBe(52 * ROW + 7);
});

test('rows that leave above, the one at the top of the view too, do not move it', () => {
  const { grid, show } = scrolledTo(50);
  show(rows.filter(({ id }) => !['r3', 'r50'].includes(id)));
  expect(grid.scrollTop).toBe(48 * ROW + 7);
});

test('at the very top the new row shows', () => {
  const { grid, show } = scrolledTo(0);
  grid.scrollTop = 0;
  show([{ id: 'new' }, ...rows]);
  expect(grid.scrollTop).toBe(0);
});

test('more rows below change nothing', () => {
  const { grid, show } = scrolledTo(50);
  show([...rows, { id: 'older' }]);
  expect(grid.scrollTop).toBe(50 * ROW + 7);
});

test('other rows altogether begin at the top', () => {
  const { grid, show } = scrolledTo(50);
  show(rows.map(({ id }) => ({ id: `other-${id}` })));
  expect(grid.scrollTop).toBe(0);
});
