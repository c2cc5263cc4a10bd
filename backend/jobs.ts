// Jobs that the desktop app's main process gives to a process of the backend: each has a number, may say how far it
// is, and ends in an answer or in a problem.
import { asAppError, toProblem } from '../shared/errors.ts';
import type { Log } from './platform/log.ts';

/** The port that Electron gives to a utility process. */
export interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(report: unknown): void;
}

/** Progress is told at most so often; the windows draw no faster. */
const PROGRESS_MS = 100;

/** Runs a job and reports it. A cause that nobody expected is in the log alone. */
export async function runJob(
  { port, log }: { port: ParentPort; log: Log },
  job: number,
  work: (report: (progress: { stage: string }) => void) => Promise<unknown>,
): Promise<void> {
  let told = { stage: '', at: 0 };
  const report = (progress: { stage: string }) => {
    const now = performance.now();
    if (progress.stage === told.stage && now - told.at < PROGRESS_MS) return;
    told = { stage: progress.stage, at: now };
    port.postMessage({ event: 'progress', job, progress });
  };
  try {
    port.postMessage({ event: 'done', job, answer: (await work(report)) ?? null });
  } catch (cause) {
    const error = asAppError(cause);
    if (error.code === 'internal') log.error({ err: cause, job }, 'a job failed');
    port.postMessage({ event: 'refused', job, problem: toProblem(error) });
  }
}
