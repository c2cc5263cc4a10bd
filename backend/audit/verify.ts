// Recomputes the hash chain of an audit log from its first entry and holds it against the head.
import { auditHash, GENESIS_HASH } from '../platform/audit-chain.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { readAudit, readAuditHead } from './rows.ts';

const PAGE = 1_000;

export type AuditVerdict =
  { holds: true; entries: number; hash: string } | { holds: false; seq: number; reason: string };

/** Verifies the whole log of the transaction's tenant. */
export async function verifyAudit(tx: TenantTransaction): Promise<AuditVerdict> {
  let hash = GENESIS_HASH;
  let seq = 0;
  for (;;) {
    const page = await readAudit(tx, seq, PAGE);
    for (const { hash: kept, ...content } of page) {
      if (content.seq !== seq + 1) return { holds: false, seq: seq + 1, reason: 'the entry is missing' };
      hash = auditHash(hash, content);
      if (hash !== kept)
        return { holds: false, seq: content.seq, reason: 'the entry or one before it was changed' };
      seq = content.seq;
    }
    if (page.length === PAGE) continue;
    // Read after the entries: what was committed meanwhile is only ever behind the head, never before it.
    const head = await readAuditHead(tx);
    if (head.seq > seq && page.length > 0) continue;
    if (head.seq !== seq)
      return { holds: false, seq, reason: `the log ends at ${seq}, its head says ${head.seq}` };
    if (hash !== head.hash) return { holds: false, seq, reason: 'the last hash is not the one of the head' };
    return { holds: true, entries: seq, hash };
  }
}
