import { expect, test } from 'vitest';
import { actionIds, actions } from '../../shared/actions.ts';
import { findMatches, fit, withRecent, type Findable } from './palette.ts';

const item = (label: string, words = ''): Findable => ({ id: label, label, words });
const items = [item('New task', 'create'), item('New agent'), item('Tasks'), item('Import a plan…', 'markdown'), item('Dark theme', 'black')];
const found = (query: string, recent: string[] = []) => findMatches(query, items, recent).map(({ label }) => label);

test('words may come in any order and be cut short; the label counts before its further words', () => {
  expect(found('task')).toEqual(['Tasks', 'New task']);
  expect(found('ta ne')).toEqual(['New task']);
  expect(found('create')).toEqual(['New task']);
  expect(found('markdown plan')).toEqual(['Import a plan…']);
  expect(found('xyz')).toEqual([]);
});

test('first letters are enough, letters in the middle too', () => {
  // Letters in the middle count less: they stand in "agent" too.
  expect(found('nt')).toEqual(['New task', 'New agent']);
  expect(found('dt')).toEqual(['Dark theme']);
  expect(found('gent')).toEqual(['New agent']);
  expect(fit('q', item('New task'))).toBe(0);
});

test('the same words always find the same; of equals what was chosen lately is first', () => {
  expect(found('new')).toEqual(['New task', 'New agent']);
  expect(found('new', ['New agent'])).toEqual(['New agent', 'New task']);
  expect(found('', ['Dark theme'])[0]).toBe('Dark theme');
  expect(found('tasks', ['New task'])[0]).toBe('Tasks');
});

test('every action is found by its own name, first', () => {
  const all = actionIds.map((id) => ({ id, label: actions[id].label, words: actions[id].words ?? '' }));
  for (const { id, label } of all) expect(findMatches(label, all, [])[0]?.id).toBe(id);
});

test('the recent ones are few, each once', () => {
  let recent: string[] = [];
  for (const id of ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) recent = withRecent(recent, id);
  expect(recent).toEqual(['i', 'h', 'g', 'f', 'e', 'd', 'c', 'a']);
});
