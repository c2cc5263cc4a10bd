// Schemas that several nouns share: ids, times, money, pages. Limits are those of the contract.
import { z } from 'zod';

export const id = z.uuid().describe('UUID, version 7');
/** RFC 3339 in UTC. */
export const time = z.iso.datetime({ offset: true }).describe('RFC 3339 time in UTC');

/** An end of a span that is open. */
const OPEN = '..';
export interface Span {
  /** Null: since ever, or until ever. */
  from: string | null;
  /** The first moment after. */
  to: string | null;
}

/** Reads `<from>/<to>`, RFC 3339 times of which one may be `..`; null: it is not one, or ends before it begins. */
export function parseSpan(given: string): Span | null {
  const parts = given.split('/');
  const ends = parts.map((part) => (part === OPEN ? null : time.safeParse(part).data));
  const [from, to] = ends;
  if (parts.length !== 2 || from === undefined || to === undefined || (from === null && to === null)) return null;
  return from !== null && to !== null && Date.parse(from) >= Date.parse(to) ? null : { from, to };
}
export function formatSpan({ from, to }: Span): string {
  return `${from ?? OPEN}/${to ?? OPEN}`;
}
/** A span of time as one text, as ISO 8601 writes intervals. */
export const span = z
  .string()
  .max(80)
  .refine((given) => parseSpan(given) !== null, 'Write two times, such as 2026-11-20T14:00:00Z/2026-11-20T15:00:00Z; ".." leaves an end open.')
  .describe('<from>/<to>, RFC 3339 times; ".." leaves an end open');

/** A decimal string of US dollars, so that no amount is rounded by a float. */
export const money = z
  .string()
  .regex(/^\d+(\.\d{1,6})?$/, 'Write an amount in US dollars with at most six decimals, such as "0.25".')
  .describe('US dollars as a decimal string');
export const email = z.email('Write an e-mail address such as name@example.com.').max(254);

/** A single line that a person reads: trimmed, not empty, no control characters. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'Write something here.')
    .max(max, `Shorten this to ${max} characters.`)
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'Remove line breaks and control characters.');

/** Longer text. PostgreSQL cannot hold U+0000, so it is refused here with a reason. */
export const text = (max: number) =>
  z
    .string()
    .max(max, `Shorten this to ${max.toLocaleString('en')} characters.`)
    .regex(/^[^\u0000]*$/, 'Remove the NUL characters.');

/** How many bytes a text has in UTF-8; counts no further than `most`. */
function utf8Bytes(text: string, most: number): number {
  let bytes = 0;
  for (let index = 0; index < text.length && bytes <= most; index += 1) {
    const unit = text.charCodeAt(index);
    // Each half of a surrogate pair counts for two of the pair's four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}

/** A text whose size is limited in UTF-8 bytes; a larger one is answered 413 with `limit`, not 422. */
export const largeText = (limit: number) =>
  z
    .string()
    .refine((value) => utf8Bytes(value, limit) <= limit, {
      error: `This text is larger than ${limit.toLocaleString('en')} bytes.`,
      params: { limit },
    })
    .refine((value) => !value.includes('\u0000'), 'Remove the NUL characters.');

/** The largest input or output of a task, in UTF-8 bytes (1 MB). */
export const TASK_TEXT_LIMIT = 1_000_000;
/** The largest plan to import, in UTF-8 bytes (5 MB). */
export const PLAN_TEXT_LIMIT = 5_000_000;

export const cursor = z.string().max(500).describe('The nextCursor of the page before');
export const limit = z.coerce.number().int().min(1).max(200).default(50).describe('Rows a page, at most 200');
export const pageInput = z.object({ cursor: cursor.optional(), limit });

export const byId = z.object({ id });

/** The envelope of every list. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const empty = z.object({});
export const nothing = z.null();
export const json: z.ZodType = z.unknown();
