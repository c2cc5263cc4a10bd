import { expect, test } from 'vitest';
import { actionIds, actions, mainActions } from './actions.ts';
import { railPlaces } from './places.ts';

test('no key does two things, but where only one of them can be meant', () => {
  const owners = new Map<string, string[]>();
  for (const id of actionIds) for (const key of actions[id].keys ?? []) owners.set(key, [...(owners.get(key) ?? []), id]);
  // Keys that a list or a review takes itself may be explained twice, each under its own heading; one screen's action has
  // them beside, as no two screens are shown at once.
  const apart = (ids: string[]): boolean => {
    const facts = ids.map((id) => actions[id as (typeof actionIds)[number]]);
    return facts.every(({ by }) => by === 'key' || by === 'screen') && facts.filter(({ by }) => by === 'screen').length <= 1 && new Set(facts.map(({ group }) => group)).size === ids.length;
  };
  expect([...owners].filter(([, ids]) => ids.length > 1 && !apart(ids))).toEqual([]);
});

test('Ctrl+1 and on lead to the places in the order of the rail', () => {
  const keys = railPlaces.slice(0, 9).map((place) => actions[`go.${place}` as 'go.tasks'].keys?.[0]);
  expect(keys).toEqual(['mod+1', 'mod+2', 'mod+3', 'mod+4', 'mod+5', 'mod+6', 'mod+7', 'mod+8', 'mod+9']);
});

test('labels are told apart, and what main does is named', () => {
  const labels = actionIds.map((id) => actions[id].label);
  expect(new Set(labels).size).toBe(labels.length);
  expect(mainActions).toContain('window.new');
  expect(mainActions).not.toContain('task.retry');
});
