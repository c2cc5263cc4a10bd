import { expect, test } from 'vitest';
import { pathOf, savedWindows, windowsToOpen, zoomStep, zoomSteps } from './window-list.ts';

const connections = { known: (id: string) => id !== 'gone', first: 'computer' };

test('the windows of the last time open again, those of removed connections do not', () => {
  const saved = savedWindows.parse({
    windows: [
      { connection: 'computer', path: '/tasks?state=failed', zoom: 1.25, maximized: true },
      { connection: 'gone', path: '/plans' },
      { path: '/agents' },
    ],
  });
  expect(windowsToOpen(saved, connections).map(({ connection, path, zoom }) => [connection, path, zoom])).toEqual([
    ['computer', '/tasks?state=failed', 1.25],
    ['computer', '/agents', 1],
  ]);
});

test('there is always one, of the first connection', () => {
  const one = [{ connection: 'computer', path: '/', maximized: false, zoom: 1 }];
  expect(windowsToOpen({ windows: [] }, connections)).toEqual(one);
  const gone = savedWindows.parse({ windows: [{ connection: 'gone' }] });
  expect(windowsToOpen(gone, connections)).toEqual(one);
});

test('a zoom that nobody could have set becomes 100%', () => {
  expect(savedWindows.parse({ windows: [{ zoom: 9 }, { zoom: 'x' }, { zoom: 2 }] }).windows.map(({ zoom }) => zoom)).toEqual([1, 1, 2]);
});

test('a place is what follows #/, within bounds', () => {
  expect(pathOf('app://signalbox/#/tasks/1?state=failed')).toBe('/tasks/1?state=failed');
  expect(pathOf('app://signalbox/')).toBeNull();
  expect(pathOf('app://signalbox/#content')).toBeNull();
  expect(pathOf(`app://signalbox/#/${'x'.repeat(700)}`)).toBeNull();
});

test('zoom goes through its steps and stops at both ends', () => {
  let zoom = 1;
  const seen: number[] = [];
  for (let step = 0; step < 9; step += 1) seen.push((zoom = zoomStep(zoom, 1)));
  expect(seen).toEqual([1.1, 1.25, 1.5, 1.75, 2, 2, 2, 2, 2]);
  for (let step = 0; step < 9; step += 1) zoom = zoomStep(zoom, -1);
  expect(zoom).toBe(zoomSteps[0]);
  // One that lies between the steps, as a wheel leaves it.
  expect([zoomStep(1.05, 1), zoomStep(1.05, -1)]).toEqual([1.1, 1]);
});
