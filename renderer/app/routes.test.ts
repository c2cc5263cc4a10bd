// Routes: paths in and out, and the history of a window.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRouteStore, formatRoute, parseRoute, places, type Route } from './routes.ts';

const route: fc.Arbitrary<Route> = fc.record({
  place: fc.constantFrom(...places),
  id: fc.option(fc.string({ minLength: 1 }).filter((id) => id.isWellFormed())),
  search: fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== '__proto__' && key.isWellFormed()),
    fc.string({ minLength: 1 }).filter((value) => value.isWellFormed()),
  ),
});

test('every route survives being written and read', () => {
  fc.assert(
    fc.property(route, (given) => {
      expect(parseRoute(formatRoute(given))).toEqual(given);
    }),
  );
});

test('an unknown path is the overview', () => {
  expect(parseRoute('/nowhere/at/all?x=1')).toEqual({ place: 'overview', id: null, search: {} });
  expect(parseRoute('')).toEqual({ place: 'overview', id: null, search: {} });
});

test('an id in a broken encoding is kept as it is written', () => {
  expect(parseRoute('/tasks/%E0%A4').id).toBe('%E0%A4');
});

test('going back and forward walks the history, and going somewhere new cuts what was ahead', () => {
  const store = createRouteStore('/tasks');
  store.getState().go({ place: 'tasks', id: 'a' });
  store.getState().go({ place: 'agents' });
  store.getState().back();
  expect(store.getState().route).toMatchObject({ place: 'tasks', id: 'a' });
  store.getState().forward();
  expect(store.getState().route.place).toBe('agents');
  store.getState().back();
  store.getState().go('/plans');
  store.getState().forward();
  expect(store.getState().route.place).toBe('plans');
  expect(store.getState().entries).toEqual(['/tasks', '/tasks/a', '/plans']);
});

test('replacing leaves no step, and going where one is does nothing', () => {
  const store = createRouteStore('/tasks');
  store.getState().go({ place: 'tasks', search: { q: 'a' } }, { replace: true });
  store.getState().go({ place: 'tasks', search: { q: 'a' } });
  expect(store.getState().entries).toEqual(['/tasks?q=a']);
  store.getState().back();
  expect(store.getState().route.search).toEqual({ q: 'a' });
});
