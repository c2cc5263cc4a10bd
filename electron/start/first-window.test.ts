// The first window is read without the stores; it must be the one that they will say.
import { expect, test } from 'vitest';
import { savedWindows, windowsToOpen } from '../native/window-list.ts';
import { buildOf, firstWindowOf, homeOf, rememberedOf, themeOf } from './first-window.ts';

const bounds = { x: 10, y: 20, width: 1_200, height: 800 };
const connections = { known: () => true, first: 'computer' };

test.each([
  {},
  { windows: [] },
  { windows: [{ connection: 'computer', path: '/tasks?state=failed', bounds, maximized: true, zoom: 1.25 }] },
  { windows: [{ connection: 'work', path: '/plans/1', bounds }, { connection: 'computer' }] },
  { windows: [{ path: '/', zoom: 7 }] },
])('reads of %j what the store reads', (file) => {
  const { connection, ...first } = firstWindowOf(file);
  const [stored] = windowsToOpen(savedWindows.parse(file), connections);
  expect({ ...first, connection: connection || 'computer' }).toEqual(stored);
});

test.each([{ windows: 'none' }, { windows: [7] }, { windows: [{ path: 7, bounds: { x: 'left' }, zoom: '2' }] }])(
  'a broken file %j is a first start',
  (file) => {
    expect(firstWindowOf(file)).toEqual({ connection: '', path: '/', maximized: false, zoom: 1 });
  },
);

test('the theme is one of three', () => {
  expect([{ theme: 'light' }, { theme: 'dark' }, { theme: 'system' }, { theme: 'pink' }, {}].map(themeOf)).toEqual([
    'light',
    'dark',
    'system',
    'system',
    'system',
  ]);
});

test('a session is remembered for its connection alone', () => {
  const file = { sessions: { computer: { server: 's', refreshToken: 't', shownKey: 'k' }, work: { server: 7 } } };
  expect(rememberedOf(file, 'computer')).toEqual({ server: 's', refreshToken: 't', shownKey: 'k' });
  expect(rememberedOf(file, 'work')).toEqual({});
  expect(rememberedOf({ sessions: [] }, 'computer')).toEqual({});
});

test('a connection has a home: the data folder, or the address of its server', () => {
  const file = { connections: [{ id: 'work', url: 'https://work.example' }] };
  expect(homeOf(file, 'computer', '/data')).toBe('embedded:/data');
  expect(homeOf(file, 'work', '/data')).toBe('https://work.example');
  expect(homeOf(file, 'preset', '/data')).toBeNull();
  expect(homeOf({}, '', '/data')).toBeNull();
});

test('a build is known by the page that names its files', () => {
  expect(buildOf('<script src="main-1.js">', '1.0.0')).not.toBe(buildOf('<script src="main-2.js">', '1.0.0'));
  expect(buildOf('<script src="main-1.js">', '1.0.0')).not.toBe(buildOf('<script src="main-1.js">', '1.0.1'));
});
