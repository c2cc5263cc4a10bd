// Reads and writes the documents that the person picks; a window sees their text and name, never a path.
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, toProblem, type Problem } from '../../shared/errors.ts';
import type { PickedDocument, RequestResults } from '../../shared/ipc.ts';
import { PLAN_TEXT_LIMIT } from '../../shared/schema.ts';

/** The system's dialogs; null: the person cancelled. */
export interface DocumentDialogs {
  pickPlan(): Promise<string | null>;
  pickReport(suggestedName: string): Promise<string | null>;
  /** Where an export goes; `extension` without the dot. */
  pickExport(suggestedName: string, extension: string): Promise<string | null>;
}

export const planExtensions = ['md', 'markdown', 'json', 'yaml', 'yml', 'txt'];

/** Lets the person pick a plan and reads it. */
export async function pickPlan(dialogs: Pick<DocumentDialogs, 'pickPlan'>): Promise<RequestResults['plan:pick']> {
  const path = await dialogs.pickPlan();
  if (path === null) return { ok: true, data: null };
  return readPlan(path);
}

type Refused = { ok: false; problem: Problem };

async function readPlan(path: string): Promise<{ ok: true; data: PickedDocument } | Refused> {
  const name = basename(path);
  try {
    const file = await open(path, 'r');
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return problem('malformed_request', `${name} is not a file. Pick a document.`);
      if (facts.size > PLAN_TEXT_LIMIT) return tooLarge(name, facts.size);
      // A broken encoding is read all the same; the import repairs it where it can and says so.
      const text = new TextDecoder('utf-8', { fatal: false }).decode(await file.readFile());
      return { ok: true, data: { name, text } };
    } finally {
      await file.close();
    }
  } catch (cause) {
    return problem('not_found', `${name} cannot be read: ${reason(cause)}. Nothing was imported.`);
  }
}

function tooLarge(name: string, size: number): Refused {
  const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;
  const message = `${name} has ${megabytes(size)}; a plan is at most ${megabytes(PLAN_TEXT_LIMIT)}.`;
  const error = new AppError('payload_too_large', message, { details: { limit: PLAN_TEXT_LIMIT } });
  return { ok: false, problem: toProblem(error) };
}

/** Lets the person choose where a report goes, and puts it there whole or not at all. */
export async function saveReport(
  dialogs: Pick<DocumentDialogs, 'pickReport'>,
  report: { name: string; text: string },
): Promise<RequestResults['plan:save-report']> {
  const path = await dialogs.pickReport(safeName(report.name));
  if (path === null) return { ok: true, saved: false };
  return putText(path, report.text);
}

/** Whole and on the disk, or not at all. */
export async function putText(path: string, text: string): Promise<RequestResults['plan:save-report']> {
  const refused = await writeWhole(path, (file) => file.writeFile(text, 'utf8'));
  return refused ?? { ok: true, saved: true };
}

/** The same for a table of comma-separated values. */
export async function saveTable(
  dialogs: Pick<DocumentDialogs, 'pickExport'>,
  table: { name: string; text: string },
): Promise<RequestResults['table:save']> {
  const path = await dialogs.pickExport(safeName(table.name, 'csv'), 'csv');
  if (path === null) return { ok: true, saved: false };
  // Spreadsheets take a file without the mark for one of their own encoding.
  const refused = await writeWhole(path, (file) => file.writeFile(`\ufeff${table.text}`, 'utf8'));
  return refused ?? { ok: true, saved: true };
}

/** Writes beside the file and puts it in its place when all is there; answers why not. Problems of ours pass through. */
export async function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<Refused | null> {
  const beside = `${path}.${process.pid}.part`;
  try {
    const file = await open(beside, 'w');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    return null;
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    if (cause instanceof AppError) return { ok: false, problem: toProblem(cause) };
    const detail = `${basename(path)} cannot be saved: ${reason(cause)}. Choose another place.`;
    return problem('unavailable', detail, { reason: 'file' });
  }
}

/** A name that every file system takes, with the document's extension. */
export function safeName(name: string, extension: 'md' | 'csv' = 'md'): string {
  const plain = name.replace(/\.(md|csv)$/i, '').replace(/[\u0000-\u001f<>:"/\\|?*]+/g, ' ');
  const bounded = plain.replace(/\s+/g, ' ').replace(/^[.\s]+/, '').slice(0, 120).trim();
  return `${bounded === '' ? 'Report' : bounded}.${extension}`;
}

/** `reason`: it is of this computer, and not that the backend is away. */
function problem(code: 'malformed_request' | 'not_found' | 'unavailable', detail: string, details: { reason?: string } = {}) {
  return { ok: false as const, problem: toProblem(new AppError(code, detail, { details })) };
}

const reasons: Record<string, string> = {
  EACCES: 'you may not open it',
  EPERM: 'you may not open it',
  ENOENT: 'it is not there any more',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return reasons[code] ?? 'the system refused it';
}
