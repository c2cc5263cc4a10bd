// Keyset pages: a cursor names the last row seen, so that a page costs the same at row one and at row a million.
import { AppError } from '../../shared/errors.ts';

/** A cursor from the values that order the list. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

export type CursorPart = 'text' | 'uuid' | 'number';

function fits(value: unknown, part: CursorPart): boolean {
  if (part === 'number') return typeof value === 'number';
  return typeof value === 'string' && (part === 'text' || /^[0-9a-f-]{36}$/.test(value));
}

/** The values of a cursor, of these kinds; anything else is one clear error. */
export function decodeCursor(cursor: string | undefined, parts: CursorPart[]): (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === parts.length && parts.every((part, index) => fits(values[index], part))) {
      return values as (string | number)[];
    }
  } catch {
    // Falls through to the one error for every cursor that we did not make.
  }
  throw new AppError('validation_failed', 'The cursor is not one that a list answered.', {
    details: { fields: [{ path: 'cursor', message: 'Use the nextCursor of the page before, or leave it out.' }] },
  });
}

/** Cuts one row more than asked into a page and the cursor of the next. */
export function toPage<Row, Item>(
  found: Row[],
  limit: number,
  shape: { item: (row: Row) => Item; key: (row: Row) => (string | number)[] },
): { items: Item[]; nextCursor: string | null } {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const more = found.length > limit && last !== undefined;
  return { items: shown.map(shape.item), nextCursor: more ? encodeCursor(shape.key(last)) : null };
}
