// Audit: every change, by whom, before and after, in one hash-chained log for each tenant.
import { z } from 'zod';
import { actor } from './actor.ts';
import { operation } from './operation.ts';
import { empty, limit, page, pageInput, span, time } from './schema.ts';

export const auditEntry = z.object({
  seq: z.number().int(),
  at: time,
  actor,
  /** Where the change came from: an IP address, or `system`. */
  origin: z.string(),
  /** The operation or the engine's step, such as `agents.update` or `tasks.lease_expired`. */
  action: z.string(),
  entity: z.string(),
  entityId: z.string(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  /** SHA-256 of this entry and the hash before it, hexadecimal. */
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** An entry as the screen shows it. */
export const auditShown = auditEntry.extend({
  /** What it is about, by the name that it has now; null: it has none, or is gone. */
  name: z.string().nullable(),
});
export type AuditShown = z.infer<typeof auditShown>;

const several = (most: number) => z.string().max(most);
/** What entries are searched by; all that is given must hold. */
export const auditFilter = z.object({
  actor: z.string().max(200).optional().describe('The name of who did it, or a part of it'),
  action: several(500).optional().describe('One action or several, separated by commas'),
  entity: several(200).optional().describe('What it was done to: task, agent, plan ...; several separated by commas'),
  entityId: z.string().max(100).optional(),
  at: span.optional(),
  q: z.string().max(200).optional().describe('Words of the entry: names, texts, values, ids, addresses'),
});
export type AuditFilter = z.infer<typeof auditFilter>;

/** What a step of the verification found. */
export const auditCheck = z.object({
  /** The chain holds up to this entry. */
  verifiedTo: z.number().int(),
  /** The last entry of the log. */
  head: z.number().int(),
  /** Nothing is left to verify: it holds to its head, or it is broken. */
  done: z.boolean(),
  /** The first entry that does not fit. */
  broken: z.object({ seq: z.number().int(), reason: z.string() }).nullable(),
});
export type AuditCheck = z.infer<typeof auditCheck>;

export const auditOperations = {
  list: operation({
    kind: 'query',
    summary: 'Audit entries after a sequence number, oldest first.',
    input: z.object({ after: z.coerce.number().int().min(0).default(0), limit }),
    output: z.object({ items: z.array(auditEntry), nextCursor: z.string().nullable() }),
    permission: 'audit:read',
    scope: 'audit:read',
    rest: { method: 'GET', path: '/api/audit', status: 200 },
  }),
  search: operation({
    kind: 'query',
    summary: 'Audit entries, newest first, by who did what to what and when. A page may hold less than it could: go on with its cursor.',
    input: pageInput.extend(auditFilter.shape),
    output: page(auditShown).extend({
      /** The search has looked at everything down to this entry. */
      searchedTo: z.number().int(),
      /** The last entry of the log as this page was read. */
      head: z.number().int(),
    }),
    permission: 'audit:read',
    scope: 'audit:read',
    rest: { method: 'GET', path: '/api/audit/search', status: 200 },
  }),
  get: operation({
    kind: 'query',
    summary: 'One audit entry.',
    input: z.object({ seq: z.coerce.number().int().min(1) }),
    output: auditShown,
    permission: 'audit:read',
    scope: 'audit:read',
    rest: { method: 'GET', path: '/api/audit/entries/:seq', status: 200 },
  }),
  facets: operation({
    kind: 'query',
    summary: 'Which actions there are in the log, on what, and by whom; at most 200 of each.',
    input: empty,
    output: z.object({
      actions: z.array(z.object({ entity: z.string(), action: z.string() })),
      actors: z.array(z.string()),
    }),
    permission: 'audit:read',
    scope: 'audit:read',
    rest: { method: 'GET', path: '/api/audit/facets', status: 200 },
  }),
  verify: operation({
    kind: 'query',
    summary: 'Recomputes the chain after a sequence number, at most 5,000 entries at once; go on after verifiedTo until done.',
    input: z.object({ after: z.coerce.number().int().min(0).default(0) }),
    output: auditCheck,
    permission: 'audit:read',
    scope: 'audit:read',
    rest: { method: 'GET', path: '/api/audit/verify', status: 200 },
  }),
  head: operation({
    kind: 'query',
    summary: 'The last sequence number and hash of the audit log.',
    input: empty,
    output: z.object({ seq: z.number().int(), hash: z.string() }),
    permission: 'audit:read',
    scope: 'audit:read',
    rest: { method: 'GET', path: '/api/audit/head', status: 200 },
  }),
};
