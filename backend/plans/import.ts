// The preview of a plan from a document. Reading is pure work of the processor: a large document is read in a
// thread of its own.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError, type ErrorCode, type ErrorDetails } from '../../shared/errors.ts';
import type { planOperations, PlanPreview } from '../../shared/plan.ts';
import type { z } from 'zod';
import { readPlan } from '../imports/index.ts';

export type ImportInput = z.output<(typeof planOperations)['import']['input']>;
export type ImportAnswer =
  | { preview: PlanPreview }
  | { refused: { code: ErrorCode; message: string; details: ErrorDetails } };

/** Characters up to which reading takes less than the start of a thread costs everybody else. */
const SMALL = 200_000;
/** Milliseconds after which a document is given up. */
const LONGEST_MS = 30_000;
/** Documents read at once: each takes a processor and some hundred megabytes. */
const MOST_AT_ONCE = 2;

// In the desktop app's one bundle there is no such file: its backend serves one person, and reads in its own thread.
const worker = fileURLToPath(new URL('./import-worker.ts', import.meta.url));
let reading = 0;

function readInThread(input: ImportInput): Promise<ImportAnswer> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: input, resourceLimits: { maxOldGenerationSizeMb: 512 } });
    const timer = setTimeout(() => {
      void thread.terminate();
      reject(new AppError('validation_failed', 'The document is too complex to read. Split it, or leave out what is not part of the plan.', {
        details: { fields: [{ path: 'text', message: 'Split the document.' }] },
      }));
    }, LONGEST_MS);
    thread.once('message', (answer: ImportAnswer) => resolve(answer));
    thread.once('error', reject);
    thread.once('exit', () => {
      clearTimeout(timer);
      reject(new Error('The thread that read the document ended without an answer.'));
    });
  });
}

export async function importPlan(input: ImportInput): Promise<PlanPreview> {
  if (input.text.length <= SMALL || !existsSync(worker)) return readPlan(input);
  if (reading >= MOST_AT_ONCE) {
    throw new AppError('rate_limited', 'Other large documents are being read. Try again in a few seconds.', { details: { retryAfterSeconds: 5 } });
  }
  reading += 1;
  try {
    const answer = await readInThread(input);
    if ('preview' in answer) return answer.preview;
    throw new AppError(answer.refused.code, answer.refused.message, { details: answer.refused.details });
  } finally {
    reading -= 1;
  }
}
