// Which rows are chosen after a press: one more or fewer, or all between two.
import { expect, test } from 'vitest';
import { toggled, withRange } from './chosenRows.ts';

const order = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));

test('a row is chosen, and chosen no more', () => {
  expect([...toggled(new Set(['a']), 'b')]).toEqual(['a', 'b']);
  expect([...toggled(new Set(['a', 'b']), 'a')]).toEqual(['b']);
});

test('a range goes either way, keeps what is chosen already, and outlives a row that went', () => {
  expect([...withRange(new Set(['a']), order, ['b', 'd'])].sort()).toEqual(['a', 'b', 'c', 'd']);
  expect([...withRange(new Set(), order, ['d', 'b'])].sort()).toEqual(['b', 'c', 'd']);
  expect([...withRange(new Set(['a']), order, ['gone', 'c'])]).toEqual(['a', 'c']);
  expect([...withRange(new Set(), order, [null, 'c'])]).toEqual(['c']);
  expect([...withRange(new Set(['a']), order, ['a', 'gone'])]).toEqual(['a']);
});
