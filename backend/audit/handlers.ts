// The handlers of the audit log's operations: its entries in order and by search, its chain, and its head.
import type { auditOperations } from '../../shared/audit.ts';
import { notFound } from '../../shared/errors.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { decodeCursor, encodeCursor } from '../platform/page.ts';
import { readAudit, readAuditHead } from './rows.ts';
import { readEntry, readFacets, searchAudit } from './search.ts';
import { verifyStep } from './verify.ts';

export const auditHandlers: HandlersOf<typeof auditOperations> = {
  list: inTenant(async (tx, { after, limit }) => {
    const found = await readAudit(tx, after, limit + 1);
    const items = found.slice(0, limit);
    return { items, nextCursor: found.length > limit ? String(items.at(-1)!.seq) : null };
  }),
  search: inTenant(async (tx, { cursor, limit, ...filter }) => {
    const before = decodeCursor(cursor, ['number']);
    const found = await searchAudit(tx, filter, { before: before ? Number(before[0]) : null, limit });
    return {
      items: found.items,
      nextCursor: found.next === null ? null : encodeCursor([found.next]),
      searchedTo: found.searchedTo,
      head: found.head,
    };
  }),
  get: inTenant(async (tx, { seq }) => {
    const found = await readEntry(tx, seq);
    if (!found) throw notFound('audit entry');
    return found;
  }),
  facets: inTenant((tx) => readFacets(tx)),
  verify: inTenant((tx, { after }) => verifyStep(tx, after)),
  head: inTenant((tx) => readAuditHead(tx)),
};
