// What an entry changed: the fields that differ between before and after, as texts that can be laid side by side.
import type { AuditShown } from '../../shared/audit.ts';
import { fieldLabel } from './words.ts';

export interface Change {
  field: string;
  label: string;
  /** Null: it was not there. */
  before: string | null;
  after: string | null;
  /** It stands there for the record: what it was before is not said. */
  noted: boolean;
}

type Values = Record<string, unknown>;

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nested objects field by field, as `error.message`; lists stay whole. */
function flatten(values: Values, prefix = ''): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [name, value] of Object.entries(values)) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (isValues(value) && Object.keys(value).length > 0) for (const [inner, one] of flatten(value, path)) flat.set(inner, one);
    else flat.set(path, value);
  }
  return flat;
}

export function valueText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number')) {
    return value.length === 0 ? '(none)' : value.join(', ');
  }
  return JSON.stringify(value);
}

/** Fields that only say that something changed. */
const SILENT = new Set(['version']);

/** The changed fields, those of `after` first; a field that `after` does not hold was not touched by a change. */
export function changesOf({ before, after }: Pick<AuditShown, 'before' | 'after'>): Change[] {
  const old = flatten(before ?? {});
  const now = flatten(after ?? {});
  const fields = after === null ? [...old.keys()] : [...now.keys()];
  return fields.flatMap((field): Change[] => {
    const noted = before !== null && after !== null && !old.has(field);
    const change = { field, label: field.split('.').map(fieldLabel).join(' · '), before: valueText(old.get(field)), after: valueText(now.get(field)), noted };
    return SILENT.has(field) || change.before === change.after ? [] : [change];
  });
}
