// Sends the parts of a file one after the other: stopped between two of them, and gone on with after a failure without
// doubles, as each part goes under a key of its own.
import type { Problem } from '../../../shared/errors.ts';
import type { BulkLine } from '../../../shared/task.ts';
import { problemOf } from '../../components/problem.ts';
import type { Refusal } from './convert.ts';
import type { Part } from './reader.ts';

export interface Run {
  state: 'running' | 'stopping' | 'stopped' | 'failed' | 'done';
  /** Each part goes under this and its number; kept until all of them are done. */
  key: string;
  parts: number;
  /** Parts that are done. */
  next: number;
  /** Rows that would be created. */
  rows: number;
  /** Rows of the parts that are done. */
  sent: number;
  created: number;
  /** What the backend refused beside what the file's reading did. */
  refused: Refusal[];
  /** Why it failed; null: it did not. */
  problem: Problem | null;
  /** Rows of the part that was being sent when it failed: whether they are created is not known. */
  inDoubt: number;
  /** Milliseconds, of the server's clock. */
  startedAt: number;
  endedAt: number | null;
}

export interface RunParts {
  part(index: number): Promise<Part>;
  send(input: { ndjson: string; key: string }): Promise<{ items: BulkLine[] }>;
  /** Whether the person has asked to stop. */
  stopped(): boolean;
  show(run: Run): void;
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

/** Refusals that pass: the same lines are sent again under the same key. */
const passing = new Set(['unavailable', 'internal', 'rate_limited']);
const MOST_WAITS = 20;

/** Runs until all is done, or it is stopped, or it fails; answers how it stands then. */
export async function runImport(from: Run, parts: RunParts): Promise<Run> {
  let run: Run = { ...from, state: 'running', problem: null, inDoubt: 0, endedAt: null };
  const show = (change: Partial<Run>): void => {
    run = { ...run, ...change };
    parts.show(run);
  };
  show({});
  while (run.next < run.parts) {
    if (parts.stopped()) {
      show({ state: 'stopped', endedAt: parts.now() });
      return run;
    }
    const part = await parts.part(run.next);
    try {
      const items = await sendPart(part, { ...parts, key: `${run.key}:${run.next}` });
      show({
        next: run.next + 1,
        sent: run.sent + part.lines.length,
        created: run.created + items.filter((item) => 'id' in item).length,
        refused: [...run.refused, ...items.flatMap((item) => refusalsOf(item, part.lines))],
      });
    } catch (cause) {
      const problem = problemOf(cause);
      show({ state: 'failed', problem, inDoubt: part.lines.length, endedAt: parts.now() });
      return run;
    }
  }
  show({ state: 'done', endedAt: parts.now() });
  return run;
}

async function sendPart({ ndjson }: Part, { key, send, wait, stopped }: RunParts & { key: string }): Promise<BulkLine[]> {
  for (let waits = 0; ; waits += 1) {
    try {
      const { items } = await send({ ndjson, key });
      const failed = items.find((item) => 'error' in item && passing.has(item.error.code));
      if (failed && 'error' in failed) throw { ...failed.error, detail: failed.error.message };
      return items;
    } catch (cause) {
      const { code, retryAfterSeconds } = problemOf(cause);
      if (code !== 'rate_limited' || waits === MOST_WAITS || stopped()) throw cause;
      await wait(Math.max(1, Number(retryAfterSeconds ?? 1)) * 1_000);
    }
  }
}

/** By the lines of the file instead of those of the part. */
function refusalsOf(item: BulkLine, lines: readonly number[]): Refusal[] {
  if (!('error' in item)) return [];
  const line = lines[item.line - 1] ?? item.line;
  const { fields, message } = item.error;
  if (fields && fields.length > 0) return fields.map(({ path, message: words }) => ({ line, field: path, message: words }));
  const named = /^(\w+): (.+)$/s.exec(message);
  return [{ line, field: named?.[1] ?? null, message: named?.[2] ?? message }];
}

/** What is kept on this computer of an import that has not ended, so that the same file is gone on with. */
export interface Unfinished {
  fingerprint: string;
  key: string;
  next: number;
  sent: number;
  created: number;
  startedAt: number;
}

/** The backend forgets keys after two days. */
const GOOD_FOR_MS = 24 * 3_600_000;
const nameOf = (workspace: string): string => `import of tasks ${workspace}`;

export function readUnfinished(workspace: string, fingerprint: string, now: number): Unfinished | null {
  try {
    const kept = JSON.parse(localStorage.getItem(nameOf(workspace)) ?? 'null') as Unfinished | null;
    return kept !== null && kept.fingerprint === fingerprint && now - kept.startedAt < GOOD_FOR_MS ? kept : null;
  } catch {
    return null;
  }
}

/** Kept while it is not done, forgotten when it is. */
export function keepUnfinished(workspace: string, fingerprint: string, run: Run): void {
  if (run.state === 'done') localStorage.removeItem(nameOf(workspace));
  else {
    const { key, next, sent, created, startedAt } = run;
    localStorage.setItem(nameOf(workspace), JSON.stringify({ fingerprint, key, next, sent, created, startedAt } satisfies Unfinished));
  }
}
