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
  resourcesDir: '/resources',
  logLevel: 'info',
};

class FakeProcess implements BackendProcess {
  readonly received: BackendRequest[] = [];
  killed = false;
  #message: (message: unknown) => void = () => undefined;
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
    this.#message = listener;
  }
  onExit(listener: (code: number) => void): void {
    this.#exit = listener;
  }
  say(message: unknown): void {
    this.#message(message);
  }
  exit(code: number): void {
    this.#exit(code);
  }
}

function setUp(makeMessage: () => StartMessage = () => startMessage) {
  const clock = createFakeClock();
  const processes: FakeProcess[] = [];
  const statuses: BackendStatus[] = [];
  const supervisor = createSupervisor({
    fork: () => {
      const process = new FakeProcess();
      processes.push(process);
      return process;
    },
    startMessage: makeMessage,
    clock,
    onStatus: (status) => statuses.push(status),
  });
  const latest = () => processes.at(-1)!;
  return { clock, processes, statuses, supervisor, latest };
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
    expect(supervisor.status()).toEqual({ state: 'starting' });
    clock.pass(pause);
  }
  expect(processes).toHaveLength(6);
  latest().exit(1);
  expect(clock.waiting()).toEqual([]);
  expect(supervisor.status()).toMatchObject({ state: 'failed' });
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
  latest().say({ event: 'failed', code: 'newer_database', ...told });
  latest().exit(1);
  expect(clock.waiting()).toEqual([]);
  expect(supervisor.status()).toEqual({ state: 'failed', ...told });
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

test('only well-formed reports are heard', () => {
  expect(readReport(null)).toBeNull();
  expect(readReport('listening')).toBeNull();
  expect(readReport({ event: 'listening' })).toBeNull();
  expect(readReport({ event: 'failed', title: '' })).toMatchObject({ title: 'The backend did not start' });
});
