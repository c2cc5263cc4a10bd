// The live stream over real sockets: replay from `since`, resync, two nodes on one PostgreSQL, and its end at
// a logout.
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LiveEvent } from '../shared/events.ts';
import type { Session } from '../shared/identity.ts';
import { sql } from './platform/database.ts';
import { newId } from './platform/ids.ts';
import { systemCaller } from './platform/tenant-transaction.ts';
import { openTestBackend, type Api, type TestBackend } from './testing/backend.ts';

interface Watcher {
  socket: Socket;
  events: LiveEvent[];
  /** Resolves when an event fits. */
  until(fits: (event: LiveEvent) => boolean): Promise<LiveEvent>;
  /** Resolves when the socket has ended. */
  ended: Promise<void>;
}

const sockets: Socket[] = [];

/** A socket that is connected and has replayed; `first` is what the server said before it was ready. */
async function watch(
  url: string,
  token: string,
  since?: number | null,
): Promise<Watcher & { first: string[] }> {
  const socket = io(`${url}/live`, {
    auth: { token, ...(since !== undefined && { since }) },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  sockets.push(socket);
  const events: LiveEvent[] = [];
  const first: string[] = [];
  const waiting: { fits: (event: LiveEvent) => boolean; found: (event: LiveEvent) => void }[] = [];
  socket.onAny((name: string) => first.push(name));
  socket.on('events', (batch: LiveEvent[]) => {
    events.push(...batch);
    for (const event of batch) for (const { fits, found } of waiting) if (fits(event)) found(event);
  });
  const ended = new Promise<void>((resolve) => socket.on('disconnect', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.on('ready', () => resolve());
    socket.on('connect_error', reject);
  });
  const until: Watcher['until'] = (fits) => {
    const known = events.find(fits);
    return known ? Promise.resolve(known) : new Promise((found) => waiting.push({ fits, found }));
  };
  return { socket, events, until, ended, first: [...first] };
}

const pauseAll = (api: Api, paused: boolean) => api.do('workspace.setPaused', { paused });
const isPause = (paused: boolean) => (event: LiveEvent) =>
  event.type === (paused ? 'workspace.paused' : 'workspace.resumed');

describe.each(['pglite', 'postgres'] as const)('the live stream on %s', (dialect) => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await openTestBackend(dialect);
  });
  afterAll(() => backend.close());
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.disconnect();
  });

  it('brings each change once, numbered without a gap, with the row as lists show it', async () => {
    const owner = await backend.register();
    const { events, until } = await watch(backend.url, owner.accessToken);
    for (const paused of [true, false, true]) await pauseAll(owner.api, paused);
    await until((event) => event.version === 4);
    expect(events.map((event) => [event.type, event.entity, event.id, event.version])).toEqual(
      ['paused', 'resumed', 'paused'].map((fact, index) => [
        `workspace.${fact}`,
        'workspace',
        owner.organization.id,
        index + 2,
      ]),
    );
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3].map((offset) => events[0]!.seq - 1 + offset));
    expect(events.at(-1)!.data).toEqual(await owner.api.do('workspace.get'));
  });

  it('replays what was missed since a number, and nothing of before', async () => {
    const owner = await backend.register();
    for (const paused of [true, false, true]) await pauseAll(owner.api, paused);
    const all = await watch(backend.url, owner.accessToken, 0);
    const [first] = all.events;
    expect(all.events.map((event) => event.version)).toEqual([2, 3, 4]);
    const missed = await watch(backend.url, owner.accessToken, first!.seq);
    expect(missed.events.map((event) => event.version)).toEqual([3, 4]);
    const none = await watch(backend.url, owner.accessToken);
    await pauseAll(owner.api, false);
    await none.until(isPause(false));
    expect(none.events.map((event) => event.version)).toEqual([5]);
  });

  it('says resync when what was missed is no longer kept, or is of another history', async () => {
    const owner = await backend.register();
    for (const paused of [true, false, true]) await pauseAll(owner.api, paused);
    expect((await watch(backend.url, owner.accessToken, 1_000_000)).first).toContain('resync');
    const tenant = (await backend.test.tenants.find(owner.organization.id))!;
    await backend.test.runInTenant(tenant, systemCaller, ({ db }) =>
      sql`delete from events where seq < (select max(seq) from events)`.execute(db),
    );
    const old = await watch(backend.url, owner.accessToken, 0);
    expect(old.first).toContain('resync');
    expect(old.events).toEqual([]);
    await pauseAll(owner.api, false);
    await old.until(isPause(false));
  });

  it('brings nothing of another organisation', async () => {
    const [one, other] = [await backend.register(), await backend.register()];
    const watcher = await watch(backend.url, one.accessToken, 0);
    await pauseAll(other.api, true);
    await pauseAll(one.api, true);
    await watcher.until(isPause(true));
    expect(new Set(watcher.events.map((event) => event.id))).toEqual(new Set([one.organization.id]));
  });

  it('is closed to nobody signed in, and to a key without tasks:read', async () => {
    const owner = await backend.register();
    const agent = (await owner.api.do('agents.create', { name: 'a', kind: 'external' })) as { id: string };
    const key = async (scopes: string[]) =>
      ((await owner.api.do('keys.create', { name: 'k', scopes, agentId: agent.id })) as { key: string }).key;
    await expect(watch(backend.url, '')).rejects.toThrow('unauthenticated');
    await expect(watch(backend.url, 'made-up')).rejects.toThrow('unauthenticated');
    await expect(watch(backend.url, await key(['agent']))).rejects.toThrow('forbidden');
    await expect(watch(backend.url, owner.accessToken, -1)).rejects.toThrow();
    expect((await watch(backend.url, await key(['tasks:read']))).first).toEqual(['ready']);
  });

  it('ends with its session, as every request does; other sessions go on', async () => {
    const owner = await backend.register();
    const other = (await backend
      .api('')
      .do('auth.login', { email: owner.user.email, password: owner.password })) as Session;
    const watcher = await watch(backend.url, owner.accessToken);
    const stays = await watch(backend.url, other.accessToken);
    await owner.api.do('auth.logout');
    expect((await owner.api.call('auth.me')).status).toBe(401);
    await watcher.ended;
    expect(stays.socket.connected).toBe(true);
    expect((await backend.api(other.accessToken).call('auth.me')).status).toBe(200);
  });
});

describe('two nodes on one PostgreSQL', () => {
  let first: TestBackend;
  let second: TestBackend;
  beforeAll(async () => {
    first = await openTestBackend('postgres');
    second = await first.another();
  });
  afterAll(async () => {
    await second.close();
    await first.close();
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.disconnect();
  });

  it('serve the same people: what one writes, the other answers and streams, in one order', async () => {
    const owner = await first.register();
    const elsewhere = second.api(owner.accessToken);
    const [here, there] = [
      await watch(first.url, owner.accessToken),
      await watch(second.url, owner.accessToken),
    ];
    await pauseAll(owner.api, true);
    await there.until(isPause(true));
    expect(await elsewhere.do('workspace.get')).toMatchObject({ paused: true });
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? elsewhere : owner.api).do('tasks.create', { title: `Task ${index}` }),
      ),
    );
    await owner.api.do('tasks.create', { title: 'Last' });
    const isLast = (event: LiveEvent) => (event.data as { title?: string } | null)?.title === 'Last';
    await Promise.all([here.until(isLast), there.until(isLast)]);
    const numbers = (events: LiveEvent[]) => [...new Set(events.map((event) => event.seq))];
    expect(numbers(there.events)).toEqual(numbers(here.events));
    expect(numbers(here.events)).toEqual(numbers(here.events).toSorted((a, b) => a - b));
    expect(numbers(here.events)).toHaveLength(numbers(here.events).at(-1)! - numbers(here.events)[0]! + 1);
  });

  it('end a session on both: a logout on one is felt on the other by requests and sockets within 5 s', async () => {
    const owner = await first.register();
    const elsewhere = second.api(owner.accessToken);
    const watcher = await watch(second.url, owner.accessToken);
    expect((await elsewhere.call('auth.me')).status).toBe(200);
    await owner.api.do('auth.logout');
    const from = performance.now();
    await watcher.ended;
    let status = 200;
    while (status !== 401 && performance.now() - from < 5_000) ({ status } = await elsewhere.call('auth.me'));
    expect(status).toBe(401);
  });

  it('give one e-mail address to one of them', async () => {
    const email = `both-${newId()}@example.com`;
    const input = { organizationName: 'Race', name: 'R', email, password: 'correct horse battery' };
    const count = async () => (await first.test.tenants.all()).length;
    const before = await count();
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 ? first : second).api('').call('auth.register', input),
      ),
    );
    const statuses = answers.map((answer) => answer.status).toSorted();
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409]);
    expect(answers.find((answer) => answer.status === 409)?.body).toMatchObject({ code: 'email_taken' });
    expect(await count()).toBe(before + 1);
    const left = await first.test.database.asOwner((tx) =>
      sql<{ schemas: number; roles: number; tenants: number }>`select
        (select count(*)::int from pg_namespace where nspname like 't\\_%') as schemas,
        (select count(*)::int from pg_roles where rolname like ${`sb_${first.test.installation.id}_t_%`}) as roles,
        (select count(*)::int from platform.tenants) as tenants`.execute(tx),
    );
    const [{ schemas, roles, tenants }] = left.rows as [{ schemas: number; roles: number; tenants: number }];
    expect([schemas, roles]).toEqual([tenants, tenants]);
  });
});
