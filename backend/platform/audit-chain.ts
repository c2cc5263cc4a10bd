// The hash chain of the audit log: each entry's hash covers its content and the hash before it.
import { createHash } from 'node:crypto';
import type { Actor } from '../../shared/actor.ts';

export interface AuditContent {
  seq: number;
  at: string;
  actor: Actor;
  origin: string;
  action: string;
  entity: string;
  entityId: string;
  before: unknown;
  after: unknown;
}

/** The hash before the first entry. */
export const GENESIS_HASH = '0'.repeat(64);

/** JSON with sorted keys, so that the same content has one text whatever order a database keeps. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** SHA-256 over the canonical JSON of the entry together with the hash before it, hexadecimal. */
export function auditHash(previous: string, entry: AuditContent): string {
  return createHash('sha256').update(previous).update(canonicalJson(entry)).digest('hex');
}
