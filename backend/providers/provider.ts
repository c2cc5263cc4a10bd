// What runs a hosted agent: one interface, behind which each kind of provider account stands.
import type { ClaimedTask, AttemptUsage } from '../../shared/work.ts';
import type { Severity } from '../../shared/finding.ts';

export interface AttemptReport {
  progress(report: { percent?: number; message?: string }): Promise<void>;
  finding(report: { title: string; body: string; severity: Severity }): Promise<void>;
  /**
   * What the attempt has used so far (the total): sent with a heartbeat at once, and with each later one. Whoever runs
   * calls it at most once a second or every 1,000 tokens. The signal aborts when the answer says to stop.
   */
  usage(usage: AttemptUsage): Promise<void>;
}

export interface AttemptRun {
  task: ClaimedTask;
  attempt: number;
  agent: { name: string; role: string; instructions: string };
  model: string;
  /** The account's settings, as its kind's schema has them. */
  settings: unknown;
  /** Aborts when the attempt is cancelled, its lease is lost, or the backend stops. */
  signal: AbortSignal;
  report: AttemptReport;
}

export type AttemptResult =
  | { kind: 'completed'; output: string; usage: AttemptUsage }
  | { kind: 'failed'; error: string; retryable: boolean; usage: AttemptUsage }
  | { kind: 'handed_off'; notes: string; usage: AttemptUsage };

export interface Provider {
  models: string[];
  /** Runs one attempt. Throwing is a failed attempt that may be tried again. */
  run(run: AttemptRun): Promise<AttemptResult>;
}
