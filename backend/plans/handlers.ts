// The handlers of the plans' operations.
import type { planOperations } from '../../shared/plan.ts';
import { inTenant, onPlatform, type HandlersOf } from '../platform/doors/handlers.ts';
import { sql } from '../platform/database.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import { cancelPlan, pausePlan, startPlan } from './commands.ts';
import { createPlan } from './create.ts';
import { importPlan } from './import.ts';
import { readPlan } from './read.ts';
import { readReport } from './report.ts';
import { findPlans, toSummary } from './rows.ts';

export const planHandlers: HandlersOf<typeof planOperations> = {
  // Reads nothing of the tenant's: no transaction is held while the document is read.
  import: onPlatform((request, input) => importPlan(input, request.signal)),
  list: inTenant(async (tx, { limit, cursor }) => {
    const after = decodeCursor(cursor, ['uuid']);
    const seen = after ? sql`p.id < ${String(after[0])}::uuid` : sql`true`;
    const found = await findPlans(tx, sql`${seen} order by p.id desc limit ${limit + 1}`);
    return toPage(found, limit, { item: toSummary, key: (plan) => [plan.id] });
  }),
  create: inTenant(createPlan),
  get: inTenant((tx, { id }) => readPlan(tx, id)),
  start: inTenant((tx, { id }) => startPlan(tx, id)),
  pause: inTenant((tx, { id }) => pausePlan(tx, id)),
  cancel: inTenant((tx, { id }) => cancelPlan(tx, id)),
  report: inTenant((tx, { id }) => readReport(tx, id)),
};
