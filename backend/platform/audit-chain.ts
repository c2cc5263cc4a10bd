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
  const members: string[] = [];
  // Sorted as texts are compared, by their code units.
  for (const key of Object.keys(value).toSorted()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** The actor is the same in all entries of a transaction. */
const actorTexts = new WeakMap<Actor, string>();
function actorText(actor: Actor): string {
  const text = actorTexts.get(actor) ?? canonicalJson(actor);
  actorTexts.set(actor, text);
  return text;
}

/** `canonicalJson` of an entry up to its number, which comes last; its keys in their order, so that they need not be sorted. */
export function entryStart(entry: Omit<AuditContent, 'seq'>): string {
  const text = JSON.stringify;
  return `{"action":${text(entry.action)},"actor":${actorText(entry.actor)},"after":${canonicalJson(entry.after)},"at":${text(entry.at)},\
"before":${canonicalJson(entry.before)},"entity":${text(entry.entity)},"entityId":${text(entry.entityId)},\
"origin":${text(entry.origin)},"seq":`;
}

/** `canonicalJson` of an entry. */
export function entryText(entry: AuditContent): string {
  return `${entryStart(entry)}${entry.seq}}`;
}

/** SHA-256 over the canonical JSON of the entry together with the hash before it, hexadecimal. */
export function auditHash(previous: string, entry: AuditContent): string {
  return createHash('sha256').update(previous + entryText(entry)).digest('hex');
}
