// What main needs of a backend, wherever it runs: embedded in a process of its own, or a server elsewhere.
import type { BackendStatus } from '../../shared/ipc.ts';
import type { Ask } from './jobs.ts';

export interface Backend {
  start(): void;
  /** Ends it; resolves when it has ended. */
  stop(): Promise<void>;
  /** Starts it anew after a failure, or while it runs. */
  restart(): Promise<void>;
  status(): BackendStatus;
  /** The one in this app alone: what its process does beside serving. */
  embedded?: {
    ask: Ask;
    /** Stops it, does the work on its folder, and starts it again whatever became of that. */
    whileStopped<Result>(work: () => Promise<Result>): Promise<Result>;
  };
  /** Something did not answer: it looks whether it is still there. A backend of this computer knows by itself. */
  suspect?(): void;
  /** Starts with a master key that a person gave, which is kept once the database has taken it. */
  giveKey?(key: string): Promise<void>;
}

/** Time and timers, so that tests need not wait. */
export interface Clock {
  now(): number;
  /** Milliseconds that only go forward, whatever the clock is set to; for durations. */
  elapsed(): number;
  /** Runs the task later; the answer cancels it. */
  after(milliseconds: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
};
