// The handlers of the audit log's operations: its entries in order, and its head.
import type { auditOperations } from '../../shared/audit.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { readAudit, readAuditHead } from './rows.ts';

export const auditHandlers: HandlersOf<typeof auditOperations> = {
  list: inTenant(async (tx, { after, limit }) => {
    const found = await readAudit(tx, after, limit + 1);
    const items = found.slice(0, limit);
    return { items, nextCursor: found.length > limit ? String(items.at(-1)!.seq) : null };
  }),
  head: inTenant((tx) => readAuditHead(tx)),
};
