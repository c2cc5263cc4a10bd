// Keeps the embedded backend alive: starts its process, restarts it when it crashes or hangs, drains it at the end.
import { failureReason, type CrashNote, type FailureReason, type Trouble } from '../../shared/backend-status.ts';
import { AppError } from '../../shared/errors.ts';
import type { BackendStatus } from '../../shared/ipc.ts';
import type { Backend, Clock } from './backend.ts';
import { restartDelay } from './backoff.ts';
import { createJobs, type Ask } from './jobs.ts';
import { createLogTail, readable, type LogTail } from './log-tail.ts';
import { readReport, type BackendReport, type BackendRequest, type StartMessage } from './protocol.ts';
import { watchAnswers } from './watchdog.ts';

/** What a drain may take before the process is killed. */
const DRAIN_MS = 8_000;
/** How often a start is tried again that failed for want of room on the disk. */
const ROOM_AGAIN_MS = 5_000;
const HOUR_MS = 3_600_000;
const LOG_LINES = 40;
/** What backend/embedded.ts ends with when the disk was full in the middle of a write. */
const EXIT_DISK_FULL = 75;

/** The part of Electron's UtilityProcess that is used. */
export interface BackendProcess {
  postMessage(message: BackendRequest): void;
  kill(): boolean;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number) => void): void;
  /** What it writes to its log. */
  onLog?(listener: (chunk: string) => void): void;
}

export interface SupervisorParts {
  fork(): BackendProcess;
  /**
   * Gathers what the process needs; an AppError that it throws becomes the failure that the person sees. `givenKey`:
   * a master key that the person gave.
   */
  startMessage(givenKey: string | null): StartMessage;
  clock: Clock;
  onStatus(status: BackendStatus): void;
  log?: LogTail;
  /** The database has taken the key that the person gave. */
  keepKey?(key: string): void;
}

interface Run {
  process: BackendProcess;
  exited: Promise<void>;
}

/** Supervises one backend process. */
export function createSupervisor(parts: SupervisorParts): Backend {
  const { clock, log = createLogTail() } = parts;
  let status: BackendStatus = { state: 'starting' };
  let run: Run | null = null;
  /** By the time that passes: a clock that is set must neither forgive crashes nor add them up. */
  let crashes: number[] = [];
  let note: CrashNote | null = null;
  let cancelRestart: (() => void) | null = null;
  const jobs = createJobs();
  let stopWatching: (() => void) | null = null;
  let hung = false;
  let wasReady = false;
  let awaySince: string | null = null;
  let wanted = 0;
  let givenKey: string | null = null;

  function setStatus(next: BackendStatus): void {
    status = next;
    parts.onStatus(next);
  }

  const noted = () => (note === null ? {} : { crash: note });

  function start(): void {
    cancelRestart = null;
    // While there is no room nothing changes on the screen by looking again.
    const looksAgain = status.state === 'away' || (status.state === 'failed' && status.nextTryAt != null);
    if (!looksAgain) setStatus({ state: 'starting', ...noted() });
    const process = parts.fork();
    const { promise: exited, resolve } = Promise.withResolvers<void>();
    const started: Run = { process, exited };
    run = started;
    hung = false;
    let told = false;
    process.onLog?.((chunk) => log.take(chunk));
    process.onMessage((message) => {
      if (run !== started || jobs.hear(message)) return;
      const report = readReport(message);
      if (report === null) return;
      told ||= report.event === 'failed';
      hear(report, started);
    });
    process.onExit((code) => {
      resolve();
      jobs.end();
      if (run !== started) return;
      run = null;
      stopWatching?.();
      // A process that said why it cannot start is not started again: the same would happen.
      if (!told) crashed(code);
    });
    try {
      const message = parts.startMessage(givenKey);
      wanted = message.port;
      process.postMessage(message);
    } catch (cause) {
      run = null;
      process.kill();
      setStatus(startFailure(cause));
    }
  }

  function hear(report: BackendReport, from: Run): void {
    switch (report.event) {
      case 'listening':
        listening(report, from);
        return;
      case 'doing':
        if (status.state === 'starting') setStatus({ ...status, doing: report.what });
        return;
      case 'disk': {
        if (status.state !== 'ready') return;
        const { disk: _before, ...ready } = status;
        const { low, freeBytes, neededBytes } = report;
        setStatus(low ? { ...ready, disk: { freeBytes, neededBytes } } : ready);
        return;
      }
      case 'failed':
        failed(report);
        return;
      case 'pong':
    }
  }

  function listening({ url, putBack }: { url: string; putBack: number }, from: Run): void {
    if (note !== null) note = { ...note, putBack };
    if (givenKey !== null) parts.keepKey?.(givenKey);
    givenKey = null;
    wasReady = true;
    awaySince = null;
    const portTaken = wanted !== 0 && portOf(url) !== wanted ? { portTaken: wanted } : {};
    setStatus({ state: 'ready', url, ...noted(), ...portTaken });
    stopWatching = watchAnswers({
      clock,
      ping: () => from.process.postMessage({ kind: 'ping' }),
      onPong: (listener) => from.process.onMessage((message) => readReport(message)?.event === 'pong' && listener()),
      onHung() {
        hung = true;
        from.process.kill();
      },
    });
  }

  function failed({ reason, title, message, action }: Trouble & { reason: FailureReason }): void {
    const trouble = { title, message, action };
    if (reason !== 'disk_full') {
      setStatus({ state: 'failed', reason, ...trouble, log: excerpt() });
      return;
    }
    const nextTryAt = new Date(clock.now() + ROOM_AGAIN_MS).toISOString();
    awaySince ??= new Date(clock.now()).toISOString();
    // What is on the screen stays there, with how old it is.
    if (wasReady) setStatus({ state: 'away', since: awaySince, tries: 0, nextTryAt, ...trouble });
    else setStatus({ state: 'failed', reason, ...trouble, nextTryAt });
    cancelRestart = clock.after(ROOM_AGAIN_MS, start);
  }

  function crashed(code: number): void {
    const now = clock.elapsed();
    crashes = [...crashes.filter((time) => now - time < HOUR_MS).slice(-99), now];
    const how = hung ? 'hung' : code === EXIT_DISK_FULL ? 'disk_full' : 'ended';
    note = { at: new Date(clock.now()).toISOString(), times: crashes.length, how, putBack: null };
    const delay = restartDelay(crashes, now);
    if (delay === null) {
      setStatus({
        state: 'failed',
        reason: 'crash_loop',
        title: 'The backend keeps stopping',
        message: `It has stopped again and again (last exit code ${code}), so it is not started any more. Your data is kept.`,
        action: 'Restart the backend. If it stops again, free some memory and disk space first, or restore a backup.',
        log: excerpt(),
      });
      return;
    }
    setStatus({ state: 'starting', ...noted() });
    cancelRestart = clock.after(delay, start);
  }

  const excerpt = () => log.lines(LOG_LINES).map(readable);

  async function stop(): Promise<void> {
    cancelRestart?.();
    cancelRestart = null;
    stopWatching?.();
    const stopping = run;
    if (stopping === null) return;
    run = null;
    stopping.process.postMessage({ kind: 'stop' });
    const cancelKill = clock.after(DRAIN_MS, () => stopping.process.kill());
    await stopping.exited;
    cancelKill();
  }

  async function restart(): Promise<void> {
    await stop();
    crashes = [];
    note = null;
    status = { state: 'starting' };
    start();
  }

  const ask: Ask = (request, onProgress) => {
    const asked = run;
    if (asked === null || status.state !== 'ready') {
      return Promise.reject(new AppError('unavailable', 'The backend is not running. Restart it, then try again.'));
    }
    return jobs.ask((message) => asked.process.postMessage(message), request, onProgress);
  };

  async function whileStopped<Result>(work: () => Promise<Result>): Promise<Result> {
    await stop();
    setStatus({ state: 'starting' });
    try {
      return await work();
    } finally {
      crashes = [];
      note = null;
      start();
    }
  }

  return {
    start,
    stop,
    restart,
    status: () => status,
    embedded: { ask, whileStopped },
    async giveKey(key) {
      givenKey = key;
      await restart();
    },
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

const titles: Partial<Record<FailureReason, string>> = {
  data_folder_unusable: 'The data folder cannot be used',
  key_missing: 'The master key is missing',
  key_locked: 'The keychain does not open the master key',
  key_unreadable: 'The master key cannot be read',
};

function startFailure(cause: unknown): BackendStatus {
  const known = cause instanceof AppError ? cause : null;
  const { reason: name, action } = known?.details ?? {};
  const reason = failureReason(name);
  return {
    state: 'failed',
    reason,
    title: titles[reason] ?? 'The backend did not start',
    message: known?.message ?? 'Its start could not be prepared.',
    action: typeof action === 'string' ? action : 'Put this right, then try again.',
  };
}
