import { expect, test } from 'vitest';
import { preferences, preferencesPatch, withPreferences } from './preferences.ts';

const start = preferences.parse({});

test('a new file is complete', () => {
  expect(start).toMatchObject({ theme: 'system', closing: 'ask', keepAwake: false, lists: {}, views: [] });
  expect(start.notifications).toEqual({
    finding: true,
    failed: true,
    stopped: true,
    approval: true,
    plan: true,
    quiet: { on: false, from: '22:00', to: '07:00' },
  });
});

test('entries are changed one by one, and null takes one away', () => {
  const first = withPreferences(start, { filters: { 'w tasks': 'state=failed' }, splits: { tasks: 0.4 } });
  const second = withPreferences(first, { filters: { 'w plans': 'q=x' } });
  expect(second.filters).toEqual({ 'w tasks': 'state=failed', 'w plans': 'q=x' });
  expect(second.splits).toEqual({ tasks: 0.4 });
  expect(withPreferences(second, { filters: { 'w tasks': null } }).filters).toEqual({ 'w plans': 'q=x' });
});

test('what grows by use is bounded, the oldest goes first', () => {
  let now = start;
  for (let index = 0; index < 250; index += 1) now = withPreferences(now, { filters: { [`place ${index}`]: 'q=x' } });
  expect(Object.keys(now.filters)).toHaveLength(200);
  expect(Object.keys(now.filters)[0]).toBe('place 50');
  expect(() => preferences.parse(now)).not.toThrow();
});

test('a patch is checked as strictly as the whole', () => {
  for (const bad of [
    { theme: 'neon' },
    { closing: 'never' },
    { splits: { tasks: 7 } },
    { lists: { Tasks: { order: 'state' } } },
    { notifications: { quiet: { on: true, from: '25:00', to: '07:00' } } },
    { filters: { x: 'y'.repeat(700) } },
  ]) {
    expect(preferencesPatch.safeParse(bad).success).toBe(false);
  }
});
