// Keeps the embedded backend alive: starts its process, restarts it when it crashes, drains it at the end.
import { AppError } from '../../shared/errors.ts';
import type { BackendStatus } from '../../shared/ipc.ts';
import type { Backend, Clock } from './backend.ts';
import { restartDelay } from './backoff.ts';
import { createJobs, type Ask } from './jobs.ts';
import { readReport, type BackendRequest, type StartMessage } from './protocol.ts';

/** What a drain may take before the process is killed. */
const DRAIN_MS = 8_000;

/** The part of Electron's UtilityProcess that is used. */
export interface BackendProcess {
  postMessage(message: BackendRequest): void;
  kill(): boolean;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number) => void): void;
}

export interface SupervisorParts {
  fork(): BackendProcess;
  /** Gathers what the process needs; an AppError that it throws becomes the failure that the person sees. */
  startMessage(): StartMessage;
  clock: Clock;
  onStatus(status: BackendStatus): void;
}

interface Run {
  process: BackendProcess;
  exited: Promise<void>;
}

/** Supervises one backend process. */
export function createSupervisor(parts: SupervisorParts): Backend {
  let status: BackendStatus = { state: 'starting' };
  let run: Run | null = null;
  let crashes: number[] = [];
  let cancelRestart: (() => void) | null = null;
  const jobs = createJobs();

  function setStatus(next: BackendStatus): void {
    status = next;
    parts.onStatus(next);
  }

  function start(): void {
    cancelRestart = null;
    setStatus({ state: 'starting' });
    const process = parts.fork();
    const { promise: exited, resolve } = Promise.withResolvers<void>();
    const started: Run = { process, exited };
    run = started;
    process.onMessage((message) => {
      if (run === started && !jobs.hear(message)) hear(message);
    });
    process.onExit((code) => {
      resolve();
      jobs.end();
      if (run !== started) return;
      run = null;
      // A process that said why it cannot start is not started again: the same would happen.
      if (status.state !== 'failed') crashed(code);
    });
    try {
      process.postMessage(parts.startMessage());
    } catch (cause) {
      run = null;
      process.kill();
      setStatus(startFailure(cause));
    }
  }

  function hear(message: unknown): void {
    const report = readReport(message);
    if (report === null) return;
    if (report.event === 'listening') {
      setStatus({ state: 'ready', url: report.url });
      return;
    }
    setStatus({ state: 'failed', title: report.title, message: report.message, action: report.action });
  }

  function crashed(code: number): void {
    const now = parts.clock.now();
    crashes = [...crashes.slice(-9), now];
    const delay = restartDelay(crashes, now);
    if (delay === null) {
      setStatus({
        state: 'failed',
        title: 'The backend keeps stopping',
        message: `It has stopped again and again (last exit code ${code}). Your data is kept.`,
        action: 'Restart the backend. If it stops again, free some memory and disk space first.',
      });
      return;
    }
    setStatus({ state: 'starting' });
    cancelRestart = parts.clock.after(delay, start);
  }

  async function stop(): Promise<void> {
    cancelRestart?.();
    cancelRestart = null;
    const stopping = run;
    if (stopping === null) return;
    run = null;
    stopping.process.postMessage({ kind: 'stop' });
    const cancelKill = parts.clock.after(DRAIN_MS, () => stopping.process.kill());
    await stopping.exited;
    cancelKill();
  }

  async function restart(): Promise<void> {
    await stop();
    crashes = [];
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
      start();
    }
  }

  return { start, stop, restart, status: () => status, embedded: { ask, whileStopped } };
}

function startFailure(cause: unknown): BackendStatus {
  const message = cause instanceof AppError ? cause.message : 'Its start could not be prepared.';
  return {
    state: 'failed',
    title: 'The backend did not start',
    message,
    action: 'Put this right, then restart the backend.',
  };
}
