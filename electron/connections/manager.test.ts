import { expect, test } from 'vitest';
import type { Connection } from './connection.ts';
import { createConnectionManager } from './manager.ts';
import { createOpenConnections } from './open.ts';
import { createConnectionRecords, savedConnections } from './records.ts';

function setUp(check: (url: string) => Promise<void> = () => Promise.resolve()) {
  let held = savedConnections.parse({});
  const done: string[] = [];
  const records = createConnectionRecords({ read: () => held, write: (next) => void (held = next) });
  const connect = ({ id }: { id: string }) =>
    ({
      id,
      start: () => done.push(`start ${id}`),
      close: () => Promise.resolve(void done.push(`close ${id}`)),
      session: {
        status: () => ({ state: 'signed_in' }),
        signOut: () => Promise.resolve(void done.push(`sign out ${id}`)),
      },
    }) as unknown as Connection;
  const open = createOpenConnections({ records, connect });
  const manager = createConnectionManager({
    records,
    open,
    check,
    windows: {
      has: (id) => id === 'computer',
      close: (id) => void done.push(`close windows of ${id}`),
      openFirst: () => void done.push('open first'),
    },
    forget: (id) => void done.push(`forget ${id}`),
    now: () => new Date('2026-11-20T10:00:00Z'),
    wait: () => new Promise(() => undefined),
    onChange: () => undefined,
  });
  return { manager, open, done, saved: () => held };
}

test('a server is added once it has answered, under its host or a name', async () => {
  const { manager } = setUp();
  const id = await manager.add({ address: 'signalbox.example.com' });
  await manager.add({ address: 'https://depot.example', name: 'Depot' });
  const servers = manager.list().filter(({ kind }) => kind === 'server');
  expect(servers.map(({ name, where }) => [name, where])).toEqual([
    ['Depot', 'depot.example'],
    ['signalbox.example.com', 'signalbox.example.com'],
  ]);
  manager.rename(id, 'Yard');
  expect(manager.list().map(({ name }) => name)).toEqual(['This computer', 'Depot', 'Yard']);
  // Its address stays with main.
  expect(JSON.stringify(manager.list())).not.toContain('https://');
});

test('one that is there already, or does not answer, is not added', async () => {
  const { manager, saved } = setUp((url) => (url.includes('gone') ? Promise.reject(new Error('gone')) : Promise.resolve()));
  await manager.add({ address: 'depot.example', name: 'Depot' });
  await expect(manager.add({ address: 'https://DEPOT.example/' })).rejects.toThrow('You have this server already: “Depot”.');
  await expect(manager.add({ address: 'gone.example' })).rejects.toThrow('gone');
  expect(saved().connections).toHaveLength(2);
});

test('removing one ends its session, closes its windows and forgets its tokens; this computer stays', async () => {
  const { manager, open, done } = setUp();
  const id = await manager.add({ address: 'depot.example' });
  open.open(id);
  open.open('computer');
  await manager.remove(id);
  await manager.remove('computer');
  expect(done).toEqual([
    `start ${id}`,
    'start computer',
    `sign out ${id}`,
    `close windows of ${id}`,
    `close ${id}`,
    `forget ${id}`,
    'open first',
  ]);
  expect(manager.list().map((connection) => connection.id)).toEqual(['computer']);
});

test('a link’s owner is a workspace that was open here, or a connection', async () => {
  const { manager } = setUp();
  const id = await manager.add({ address: 'depot.example' });
  manager.used(id, { id: 'w1', name: 'Depot' });
  manager.used('computer', { id: 'w2', name: 'Home' });
  expect(manager.ownerOf('w1')?.id).toBe(id);
  expect(manager.ownerOf('w2')?.id).toBe('computer');
  expect(manager.ownerOf('computer')?.id).toBe('computer');
  expect(manager.ownerOf('w3')).toBeNull();
  expect(manager.list().map(({ workspace, accent }) => [workspace, accent === null])).toEqual([
    ['Home', false],
    ['Depot', false],
  ]);
});
