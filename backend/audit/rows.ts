// The statements that read the audit log and its head.
import type { Actor } from '../../shared/actor.ts';
import type { AuditEntry } from '../../shared/audit.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

export interface AuditRow {
  seq: number;
  at: Date;
  actor: Actor;
  origin: string;
  action: string;
  entity: string;
  entity_id: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  hash: string;
}

/** Of `a`. */
export const auditColumns = sql`a.seq, a.at, a.actor, a.origin, a.action, a.entity, a.entity_id, a.before, a.after, a.hash`;

export function toEntry(found: AuditRow): AuditEntry {
  const { entity_id: entityId, at, seq, actor, origin, action, entity, before, after, hash } = found;
  return {
    seq: Number(seq),
    at: at.toISOString(),
    actor,
    origin,
    action,
    entity,
    entityId,
    before,
    after,
    hash,
  };
}

/** Entries after a sequence number, oldest first. */
export async function readAudit(
  { db }: TenantTransaction,
  after: number,
  limit: number,
): Promise<AuditEntry[]> {
  const found = await rows(
    db,
    sql<AuditRow>`
    select ${auditColumns} from audit a where a.seq > ${after} order by a.seq limit ${limit}`,
  );
  return found.map(toEntry);
}

export async function readAuditHead({ db }: TenantTransaction): Promise<{ seq: number; hash: string }> {
  const found = await row(
    db,
    sql<{ seq: number; hash: string }>`select audit_seq as seq, audit_hash as hash from head`,
  );
  return { seq: Number(found!.seq), hash: found!.hash };
}
