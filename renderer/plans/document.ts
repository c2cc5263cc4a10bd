// Documents on their way into the import: what is taken, what is refused, and why.
import { AppError } from '../../shared/errors.ts';
import type { PickedDocument } from '../../shared/ipc.ts';
import { PLAN_TEXT_LIMIT } from '../../shared/schema.ts';

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

export function tooLarge(name: string, bytes: number): AppError {
  const message = `${name} has ${megabytes(bytes)}; a plan is at most ${megabytes(PLAN_TEXT_LIMIT)}.`;
  return new AppError('payload_too_large', message, { details: { limit: PLAN_TEXT_LIMIT } });
}

/** Reads a dropped file. Its size is checked before any of it is read. */
export async function readDropped(file: File): Promise<PickedDocument> {
  if (file.size > PLAN_TEXT_LIMIT) throw tooLarge(file.name, file.size);
  const text = await file.text().catch((cause: unknown) => {
    throw new AppError('not_found', `${file.name} cannot be read. A folder is not a document.`, { cause });
  });
  if (text.trim() === '') throw new AppError('malformed_request', `${file.name} is empty.`);
  return { name: file.name, text };
}

/** A text that was pasted is measured as it would be sent. */
export function measurePasted(text: string): AppError | null {
  // Every character has at least one byte: only a text near the limit is measured whole.
  if (text.length * 3 <= PLAN_TEXT_LIMIT) return null;
  const bytes = new TextEncoder().encode(text).length;
  return bytes > PLAN_TEXT_LIMIT ? tooLarge('The text', bytes) : null;
}

/** What a drag carries: files, or nothing that concerns a plan. */
export function carriesFile(transfer: Pick<DataTransfer, 'types'> | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}
