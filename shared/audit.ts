// Audit: every change, by whom, before and after, in one hash-chained log for each tenant.
import { z } from 'zod';
import { actor } from './actor.ts';
import { operation } from './operation.ts';
import { empty, limit, time } from './schema.ts';

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
