import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { BackendStatus } from '../../shared/ipc.ts';
import { createFakeClock } from './fake-clock.ts';
import { readReport, type BackendRequest, type StartMessage } from './protocol.ts';
import { createSupervisor, type BackendProcess } from './supervisor.ts';

const startMessage: StartMessage = {
  kind: 'start',
  dataDir: '/data',
  masterKey: 'key',
  port: 0,
  migrationsDir: '/migrations',
  checklistsDir: '/checklists',
  resourcesDir: '/resources',
  logLevel: 'info',
};

class FakeProcess implements BackendProcess {
  readonly received: BackendRequest[] = [];
  killed = false;
  readonly #messages: ((message: unknown) => void)[] = [];
  #exit: (code: number) => void = () => undefined;

  postMessage(message: BackendRequest): void {
    this.received.push(message);
  }
  kill(): boolean {
    this.killed = true;
    this.exit(137);
    return true;
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#messages.push(listener);
  }
  onExit(listener: (code: number) => void): void {
    this.#exit = listener;
  }
  onLog(listener: (chunk: string) => void): void {
    this.log = listener;
  }
  log: (chunk: string) => void = () => undefined;
  say(message: unknown): void {
    for (const listener of this.#messages) listener(message);
  }
  exit(code: number): void {
    this.#exit(code);
  }
}

function setUp(makeMessage: (givenKey: string | null) => StartMessage = () => startMessage) {
  const clock = createFakeClock();
  const processes: FakeProcess[] = [];
  const statuses: BackendStatus[] = [];
  const keptKeys: string[] = [];
  const supervisor = createSupervisor({
    fork: () => {
      const process = new FakeProcess();
      processes.push(process);
      return process;
    },
    startMessage: makeMessage,
    clock,
    onStatus: (status) => statuses.push(status),
    keepKey: (key) => keptKeys.push(key),
  });
  const latest = () => processes.at(-1)!;
  return { clock, processes, statuses, supervisor, latest, keptKeys };
}

test('starts the process with its message and is ready once it listens', () => {
  const { supervisor, latest, statuses } = setUp();
  supervisor.start();
  expect(latest().received).toEqual([startMessage]);
  latest().say({ event: 'listening', url: 'http://127.0.0.1:4180' });
  expect(statuses).toEqual([{ state: 'starting' }, { state: 'ready', url: 'http://127.0.0.1:4180' }]);
});

test('a crash is restarted after a pause that doubles, and the sixth within a minute is not', () => {
  const { supervisor, latest, clock, processes } = setUp();
  supervisor.start();
  for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000]) {
    latest().exit(1);
    expect(clock.waiting()).toEqual([pause]);
    expect(supervisor.status()).toMatchObject({ state: 'starting', crash: { how: 'ended', putBack: null } });
    clock.pass(pause);
  }
  expect(processes).toHaveLength(6);
  latest().exit(1);
  expect(clock.waiting()).toEqual([]);
  expect(supervisor.status()).toMatchObject({ state: 'failed', reason: 'crash_loop' });
});

test('crashes that lie further apart than a minute are not added up', () => {
  const { supervisor, latest, clock } = setUp();
  supervisor.start();
  for (let round = 0; round < 8; round += 1) {
    latest().exit(1);
    expect(clock.waiting()).toEqual([1_000]);
    clock.pass(61_000);
  }
});

test('a process that says why it cannot start is started again on request only', async () => {
  const { supervisor, latest, clock, processes } = setUp();
  supervisor.start();
  const told = { title: 'Newer', message: 'Update first.', action: 'Update.' };
  latest().log('{"level":50,"time":"2026-11-25T10:00:00.000Z","msg":"the backend did not start"}\nplain\n');
  latest().say({ event: 'failed', reason: 'newer_database', ...told });
  latest().exit(1);
  expect(clock.waiting()).toEqual([]);
  const log = ['10:00:00 error the backend did not start', 'plain'];
  expect(supervisor.status()).toEqual({ state: 'failed', reason: 'newer_database', ...told, log });
  await supervisor.restart();
  expect(processes).toHaveLength(2);
  expect(supervisor.status()).toEqual({ state: 'starting' });
});

test('a start that cannot be prepared fails with its words, and without the cause of anything else', () => {
  const told = setUp(() => {
    throw new AppError('unavailable', 'Unlock your keychain.');
  });
  told.supervisor.start();
  expect(told.supervisor.status()).toMatchObject({ state: 'failed', message: 'Unlock your keychain.' });
  expect(told.latest().killed).toBe(true);
  expect(told.clock.waiting()).toEqual([]);

  const untold = setUp(() => {
    throw new Error('secret detail');
  });
  untold.supervisor.start();
  expect(JSON.stringify(untold.supervisor.status())).not.toContain('secret detail');
});

test('stopping drains: the process is asked, and killed only when it does not end', async () => {
  const polite = setUp();
  polite.supervisor.start();
  const stopped = polite.supervisor.stop();
  expect(polite.latest().received.at(-1)).toEqual({ kind: 'stop' });
  polite.latest().exit(0);
  await stopped;
  expect(polite.latest().killed).toBe(false);
  expect(polite.clock.waiting()).toEqual([]);

  const deaf = setUp();
  deaf.supervisor.start();
  const killed = deaf.supervisor.stop();
  deaf.clock.pass(7_999);
  expect(deaf.latest().killed).toBe(false);
  deaf.clock.pass(1);
  await killed;
  expect(deaf.latest().killed).toBe(true);
  expect(deaf.processes).toHaveLength(1);
});

test('stopping while a restart is pending cancels it', async () => {
  const { supervisor, latest, clock, processes } = setUp();
  supervisor.start();
  latest().exit(1);
  await supervisor.stop();
  clock.pass(60_000);
  expect(processes).toHaveLength(1);
});

const listening = { event: 'listening', url: 'http://127.0.0.1:4180', putBack: 2 };

test('after a crash it says when, how often and what was put back; a clock that is set changes nothing of it', () => {
  const { supervisor, latest, clock } = setUp();
  supervisor.start();
  latest().say(listening);
  expect(supervisor.status()).not.toHaveProperty('crash');
  latest().exit(139);
  clock.pass(1_000);
  latest().say(listening);
  expect(supervisor.status()).toMatchObject({ state: 'ready', crash: { times: 1, how: 'ended', putBack: 2 } });
  const work = (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 50_000) {
      clock.pass(50_000);
      latest().say({ event: 'pong' });
    }
  };
  work(1_800_000);
  clock.step(-7_200_000);
  latest().exit(139);
  expect(supervisor.status()).toMatchObject({ crash: { times: 2 } });
  clock.pass(1_000);
  latest().say(listening);
  work(3_601_000);
  latest().exit(139);
  expect(supervisor.status()).toMatchObject({ crash: { times: 1 } });
});

test('one that does not answer for a minute is killed and started again; a sleep of an hour is none', () => {
  const { supervisor, latest, clock, processes } = setUp();
  supervisor.start();
  latest().say(listening);
  const answer = () => latest().say({ event: 'pong' });
  for (let minute = 0; minute < 5; minute += 1) {
    clock.pass(50_000);
    answer();
  }
  expect(processes).toHaveLength(1);
  clock.pass(60_000);
  expect(latest().killed).toBe(false);
  clock.pass(10_000);
  expect(processes[0]?.killed).toBe(true);
  expect(supervisor.status()).toMatchObject({ state: 'starting', crash: { how: 'hung' } });
});

test('a disk without room takes nothing off the screen, and is looked at again until there is some', () => {
  const { supervisor, latest, clock, processes, statuses } = setUp();
  const full = { event: 'failed', reason: 'disk_full', title: 'The disk is full', message: '1 MB', action: 'Free some.' };
  supervisor.start();
  latest().say(full);
  latest().exit(1);
  expect(supervisor.status()).toMatchObject({ state: 'failed', reason: 'disk_full' });
  clock.pass(5_000);
  latest().say(listening);
  latest().exit(75);
  expect(supervisor.status()).toMatchObject({ state: 'starting', crash: { how: 'disk_full' } });
  clock.pass(1_000);
  latest().say(full);
  latest().exit(1);
  const since = new Date(clock.now()).toISOString();
  expect(supervisor.status()).toMatchObject({ state: 'away', since, title: 'The disk is full' });
  const before = statuses.length;
  for (let turn = 0; turn < 3; turn += 1) {
    clock.pass(5_000);
    latest().say(full);
    latest().exit(1);
  }
  expect(statuses.slice(before).map(({ state }) => state)).toEqual(['away', 'away', 'away']);
  expect(supervisor.status()).toMatchObject({ since });
  clock.pass(5_000);
  latest().say(listening);
  expect(supervisor.status()).toMatchObject({ state: 'ready' });
  expect(processes).toHaveLength(7);
});

test('room on the disk, a port that is taken and an update are said while it runs', () => {
  const { supervisor, latest } = setUp(() => ({ ...startMessage, port: 4180 }));
  supervisor.start();
  latest().say({ event: 'doing', what: 'Updating the database…' });
  expect(supervisor.status()).toMatchObject({ state: 'starting', doing: 'Updating the database…' });
  latest().say({ ...listening, url: 'http://127.0.0.1:50123' });
  expect(supervisor.status()).toMatchObject({ state: 'ready', portTaken: 4180 });
  latest().say({ event: 'disk', low: true, freeBytes: 10, neededBytes: 20 });
  expect(supervisor.status()).toMatchObject({ disk: { freeBytes: 10, neededBytes: 20 }, portTaken: 4180 });
  latest().say({ event: 'disk', low: false, freeBytes: 30, neededBytes: 20 });
  expect(supervisor.status()).not.toHaveProperty('disk');
});

test('a key that a person gave is kept once the database has taken it, and not before', async () => {
  const keys: (string | null)[] = [];
  const { supervisor, latest, keptKeys } = setUp((givenKey) => {
    keys.push(givenKey);
    return startMessage;
  });
  await supervisor.giveKey?.('wrong');
  latest().say({ event: 'failed', reason: 'key_wrong' });
  latest().exit(1);
  expect(supervisor.status()).toMatchObject({ state: 'failed', reason: 'key_wrong' });
  expect(keptKeys).toEqual([]);
  await supervisor.giveKey?.('right');
  latest().say(listening);
  expect(keptKeys).toEqual(['right']);
  await Promise.all([supervisor.restart(), Promise.resolve().then(() => latest().exit(0))]);
  expect(keys).toEqual(['wrong', 'right', null]);
});

test('only well-formed reports are heard', () => {
  expect(readReport(null)).toBeNull();
  expect(readReport('listening')).toBeNull();
  expect(readReport({ event: 'listening' })).toBeNull();
  expect(readReport({ event: 'failed', title: '' })).toMatchObject({ title: 'The backend did not start' });
});
