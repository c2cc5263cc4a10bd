import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder, isPlain, moved, plainLayout, shownColumns, withHidden } from './listLayout.ts';

const columns = [{ id: 'state' }, { id: 'title' }, { id: 'agent', hideBelow: 600 }, { id: 'age' }];
const ids = (shown: readonly { id: string }[]) => shown.map(({ id }) => id);

test('columns come as the list has them, moved as the person has moved them', () => {
  expect(ids(inOrder(columns, plainLayout))).toEqual(['state', 'title', 'agent', 'age']);
  const once = moved(columns, plainLayout, { id: 'age', by: -1 });
  expect(ids(inOrder(columns, once))).toEqual(['state', 'title', 'age', 'agent']);
  expect(moved(columns, plainLayout, { id: 'state', by: -1 })).toBe(plainLayout);
});

test('a column that a later version brings stands beside its neighbour; one that is gone is left out', () => {
  const layout = { ...plainLayout, order: ['age', 'gone', 'state', 'title'] };
  expect(ids(inOrder(columns, layout))).toEqual(['age', 'state', 'title', 'agent']);
});

test('what is hidden or does not fit is not drawn, and one always is', () => {
  expect(ids(shownColumns(columns, withHidden(plainLayout, 'title', true), 900))).toEqual(['state', 'agent', 'age']);
  expect(ids(shownColumns(columns, plainLayout, 500))).toEqual(['state', 'title', 'age']);
  expect(ids(shownColumns(columns, plainLayout, 0))).toContain('agent');
  const all = columns.reduce((layout, { id }) => withHidden(layout, id, true), plainLayout);
  expect(ids(shownColumns(columns, all, 900))).toEqual(['state']);
  expect([isPlain(plainLayout), isPlain(all)]).toEqual([true, false]);
});

test('however columns are moved, each is there once', () => {
  const step = fc.record({ id: fc.constantFrom(...ids(columns)), by: fc.constantFrom(-1 as const, 1 as const) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const layout = steps.reduce((before, one) => moved(columns, before, one), plainLayout);
      expect(ids(inOrder(columns, layout)).toSorted()).toEqual(ids(columns).toSorted());
    }),
  );
});
