import { expect, test } from 'vitest';
import type { JsonStore } from '../native/store.ts';
import { sessionOf, type SavedSessions } from '../session/token-store.ts';
import { createConnectionRecords, hostOf, savedConnections, type SavedConnections } from './records.ts';

function memory<T>(value: T): JsonStore<T> {
  let held = value;
  return {
    read: () => held,
    write(next) {
      held = next;
    },
  };
}
const server = { kind: 'server', workspace: null, lastUsedAt: null } as const;
const named = (name: string) => ({ ...server, id: name.toLowerCase(), name, url: `https://${name.toLowerCase()}.example` });

test('this computer is always there, servers follow by name', () => {
  const records = createConnectionRecords(memory<SavedConnections>(savedConnections.parse({})));
  records.add(named('Yard'));
  records.add(named('Depot'));
  expect(records.all().map(({ id }) => id)).toEqual(['computer', 'depot', 'yard']);
  records.change('computer', { name: 'My desk' });
  records.remove('depot');
  records.remove('computer');
  expect(records.all().map(({ name }) => name)).toEqual(['My desk', 'Yard']);
  expect(records.first().id).toBe('computer');
  expect(records.find('depot')).toBeNull();
});

test('a server that the environment names is first, and is not kept', () => {
  const store = memory<SavedConnections>(savedConnections.parse({}));
  const records = createConnectionRecords(store, 'https://preset.example:8443');
  expect(records.first()).toMatchObject({ id: 'preset', kind: 'server', name: 'preset.example:8443' });
  records.change('preset', { workspace: { id: 'w', name: 'Yard' } });
  expect(records.first().workspace?.name).toBe('Yard');
  expect(store.read()).toEqual({ connections: [] });
});

test('a connection reads and writes its own token alone', () => {
  const store = memory<SavedSessions>({ sessions: { yard: { server: 'https://yard.example', refreshToken: 'y' } } });
  const depot = sessionOf(store, 'depot');
  expect(depot.read()).toEqual({});
  depot.write({ server: 'https://depot.example', refreshToken: 'd' });
  expect(sessionOf(store, 'yard').read().refreshToken).toBe('y');
  depot.write({});
  expect(store.read()).toEqual({ sessions: { yard: { server: 'https://yard.example', refreshToken: 'y' } } });
});

test('a host is what a person calls a server', () => {
  expect(hostOf('https://signalbox.example')).toBe('signalbox.example');
  expect(hostOf('http://127.0.0.1:4180')).toBe('127.0.0.1:4180');
});
