// The preview of a plan from a document. Reading is pure work of the processor: a large document is read in a
// thread of its own.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError, type ErrorCode, type ErrorDetails } from '../../shared/errors.ts';
import type { planOperations, PlanPreview } from '../../shared/plan.ts';
import { PLAN_TEXT_LIMIT } from '../../shared/schema.ts';
import type { z } from 'zod';
import { readPlan } from '../imports/index.ts';

export type ImportInput = z.output<(typeof planOperations)['import']['input']>;
export type ImportAnswer =
  { preview: PlanPreview } | { refused: { code: ErrorCode; message: string; details: ErrorDetails } };

/** Characters that are read on the spot: about 50 ms of work, what the start of a thread would cost. */
const SMALL = 30_000;
/** Milliseconds after which a document is given up; 5 MB take some 10 s of a processor. */
const LONGEST_MS = 120_000;
/** Documents read at once, each by a processor of its own, and how many may wait for one. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 8;

// Beside this file, or, in the desktop app's bundle, beside the backend's entry.
const worker = ['./import-worker.ts', './import-worker.js', '../import-worker.js']
  .map((place) => fileURLToPath(new URL(place, import.meta.url)))
  .find((place) => existsSync(place));
let reading = 0;
const waiting: (() => void)[] = [];

/** Waits for a turn; with too many before it the document is refused. */
async function takeTurn(): Promise<void> {
  if (reading >= MOST_AT_ONCE) {
    if (waiting.length >= MOST_WAITING) {
      throw new AppError(
        'rate_limited',
        'Too many large documents are being read. Try again in a few seconds.',
        { details: { retryAfterSeconds: 10 } },
      );
    }
    // Whoever ends hands its turn over, so the count stays.
    return new Promise((resolve) => waiting.push(resolve));
  }
  reading += 1;
}

function endTurn(): void {
  const next = waiting.shift();
  if (next) next();
  else reading -= 1;
}

function brokenOff(): AppError {
  return new AppError('unavailable', 'Reading was broken off before the document was read.');
}

function tooComplex(): AppError {
  return new AppError(
    'validation_failed',
    'The document is too complex to read. Split it, or leave out what is not part of the plan.',
    {
      details: { fields: [{ path: 'text', message: 'Split the document.' }] },
    },
  );
}

/** Reads in a thread, which ends with its answer, at the time limit, or when the caller is gone. */
function readInThread(input: ImportInput, signal: AbortSignal): Promise<ImportAnswer> {
  return new Promise((resolve, reject) => {
    // Gone while it waited for its turn.
    if (signal.aborted) return reject(brokenOff());
    const thread = new Worker(worker!, {
      workerData: input,
      resourceLimits: { maxOldGenerationSizeMb: 1_024 },
    });
    const stop = () => void thread.terminate();
    const timer = setTimeout(() => {
      reject(tooComplex());
      stop();
    }, LONGEST_MS);
    signal.addEventListener('abort', stop, { once: true });
    thread.once('message', (answer: ImportAnswer) => resolve(answer));
    thread.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooComplex() : error),
    );
    thread.once('exit', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      reject(brokenOff());
    });
  });
}

export async function importPlan(input: ImportInput, signal: AbortSignal): Promise<PlanPreview> {
  // What is too large is refused on the spot, and not carried to a thread first.
  const large = input.text.length > SMALL && input.text.length <= PLAN_TEXT_LIMIT;
  if (!large || worker === undefined) return readPlan(input);
  await takeTurn();
  try {
    const answer = await readInThread(input, signal);
    if ('preview' in answer) return answer.preview;
    throw new AppError(answer.refused.code, answer.refused.message, { details: answer.refused.details });
  } finally {
    endTurn();
  }
}
