// Recomputes the hash chain of an audit log from its first entry and holds it against the head.
import type { AuditCheck } from '../../shared/audit.ts';
import { auditHash, GENESIS_HASH } from '../platform/audit-chain.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { readAudit, readAuditHead } from './rows.ts';

const PAGE = 1_000;
/** Entries that one step goes through: about a tenth of a second. */
const STEP = 5_000;

export type AuditVerdict =
  { holds: true; entries: number; hash: string } | { holds: false; seq: number; reason: string };

/** Where a verification stands: the chain holds up to `seq`, whose hash this is. */
interface Place {
  seq: number;
  hash: string;
}
type Step = { place: Place; done: boolean } | { broken: { seq: number; reason: string } };

/** Goes on from a place, through at most `entries` entries. */
async function walk(tx: TenantTransaction, from: Place, entries: number): Promise<Step> {
  let { seq, hash } = from;
  for (;;) {
    const page = await readAudit(tx, seq, PAGE);
    for (const { hash: kept, ...content } of page) {
      if (content.seq !== seq + 1) return { broken: { seq: seq + 1, reason: 'the entry is missing' } };
      hash = auditHash(hash, content);
      if (hash !== kept) return { broken: { seq: content.seq, reason: 'the entry or one before it was changed' } };
      seq = content.seq;
    }
    if (page.length === PAGE) {
      if (seq - from.seq >= entries) return { place: { seq, hash }, done: false };
      continue;
    }
    // Read after the entries: what was committed meanwhile is only ever behind the head, never before it.
    const head = await readAuditHead(tx);
    if (head.seq > seq && page.length > 0) continue;
    if (head.seq !== seq) return { broken: { seq, reason: `the log ends at ${seq}, its head says ${head.seq}` } };
    if (hash !== head.hash) return { broken: { seq, reason: 'the last hash is not the one of the head' } };
    return { place: { seq, hash }, done: true };
  }
}

/** Verifies the whole log of the transaction's tenant. */
export async function verifyAudit(tx: TenantTransaction): Promise<AuditVerdict> {
  const step = await walk(tx, { seq: 0, hash: GENESIS_HASH }, Number.POSITIVE_INFINITY);
  if ('broken' in step) return { holds: false, ...step.broken };
  return { holds: true, entries: step.place.seq, hash: step.place.hash };
}

/** One step of a verification that has come to `after`: it begins with the hash that is kept there. */
export async function verifyStep(tx: TenantTransaction, after: number): Promise<AuditCheck> {
  const head = (await readAuditHead(tx)).seq;
  const [last] = after === 0 ? [] : await readAudit(tx, after - 1, 1);
  if (after > 0 && last?.seq !== after) {
    return { verifiedTo: after - 1, head, done: true, broken: { seq: after, reason: 'the entry is missing' } };
  }
  const step = await walk(tx, { seq: after, hash: last?.hash ?? GENESIS_HASH }, STEP);
  if ('broken' in step) return { verifiedTo: Math.max(0, step.broken.seq - 1), head, done: true, broken: step.broken };
  return { verifiedTo: step.place.seq, head: Math.max(head, step.place.seq), done: step.done, broken: null };
}
