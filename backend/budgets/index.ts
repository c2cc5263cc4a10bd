// Budgets: what other nouns may use, the handlers of their operations, and the calendar of their periods.
import type { budgetOperations, BudgetStop } from '../../shared/budget.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { rows, sql } from '../platform/database.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { createBudget, removeBudget, restoreBudget, updateBudget } from './commands.ts';
import { periodEnd } from './period.ts';
import { findBudgets, lockBudgets, readBudget, saveBudget, toBudget } from './rows.ts';

export { readBlocking, type Blocking } from './blocking.ts';
export {
  bookClaims, budgetedOf, fitBudgets, giveBack, joinClosed, joinFitted, nothingClosed, openBook, type Book, type Candidate, type Closed, type Fitted,
} from './claims.ts';
export { meterAttempts, settleBudgets, settleBudgetsOf, type Revocation } from './metering.ts';
export { findBudgets, toBudget } from './rows.ts';

export const budgetHandlers: HandlersOf<typeof budgetOperations> = {
  list: inTenant(async (tx, { limit, cursor, agentId, planId }) => {
    const after = decodeCursor(cursor, ['number', 'uuid']);
    const first = sql`case b.scope when 'workspace' then 0 else 1 end`;
    const seen = after ? sql`(${first}, b.id) > (${after[0]}::int, ${String(after[1])}::uuid)` : sql`true`;
    const agents = agentId === undefined ? sql`true` : sql`(b.scope = 'workspace' or b.agent_id = ${agentId})`;
    const plans = planId === undefined ? sql`true` : sql`(b.scope = 'workspace' or b.plan_id = ${planId})`;
    const found = await findBudgets(tx, sql`b.removed_at is null and ${agents} and ${plans} and ${seen} order by ${first}, b.id limit ${limit + 1}`);
    return toPage(found, limit, {
      item: (held) => toBudget(held, tx.now),
      key: ({ row: { scope, id } }) => [scope === 'workspace' ? 0 : 1, id],
    });
  }),
  get: inTenant(async (tx, { id }) => toBudget(await readBudget(tx, id), tx.now)),
  stops: inTenant(async (tx, { id, limit, cursor }) => {
    await readBudget(tx, id);
    const after = decodeCursor(cursor, ['text', 'uuid', 'number']);
    const seen = after
      ? sql`(a.finished_at, a.task_id, a.number) < (${after[0]}::timestamptz, ${String(after[1])}::uuid, ${after[2]}::int)`
      : sql`true`;
    const found = await rows(tx.db, sql<Omit<BudgetStop, 'at'> & { at: Date; key: string }>`
      select a.task_id as "taskId", t.title, a.number as attempt, a.agent_id as "agentId", a.agent_name as "agentName",
        trim_scale(a.cost_usd)::text as "costUsd", a.finished_at as at, a.finished_at::text as key
      from attempts a join tasks t on t.id = a.task_id where a.stopped_by = ${id} and a.finished_at is not null and ${seen}
      order by a.finished_at desc, a.task_id desc, a.number desc limit ${limit + 1}`);
    return toPage(found, limit, {
      item: ({ key: _key, at, ...stop }) => ({ ...stop, at: at.toISOString() }),
      key: ({ key, taskId, attempt }) => [key, taskId, attempt],
    });
  }),
  create: inTenant(createBudget),
  update: inTenant(updateBudget),
  remove: inTenant((tx, { id }) => removeBudget(tx, id)),
  restore: inTenant((tx, { id }) => restoreBudget(tx, id)),
};

/** A period that has passed is told, so that screens and what waits for it go on. Sums never need it: they tell it themselves. */
export const budgetCalendar = {
  async run(tx: TenantTransaction): Promise<void> {
    for (const held of await lockBudgets(tx, sql`b.period <> 'total'`)) {
      if (held.start > held.row.period_start) await saveBudget(tx, held, { fact: 'renewed' });
    }
    tx.ready();
  },
  /** When the oldest of the periods that are counted ends. */
  async next(tx: TenantTransaction): Promise<Date | null> {
    const found = await rows(tx.db, sql<{ period: 'day' | 'month'; start: Date }>`
      select period, min(period_start) as start from budgets where removed_at is null and period <> 'total' group by period`);
    const ends = found.map(({ period, start }) => periodEnd(period, start)!.getTime());
    return ends.length === 0 ? null : new Date(Math.min(...ends));
  },
};
