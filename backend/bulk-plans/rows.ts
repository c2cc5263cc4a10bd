// Bulk plans' rows, and the shape that lists, answers and events show.
import type { Actor } from '../../shared/actor.ts';
import {
  undoable,
  type BulkAction,
  type BulkBreakdown,
  type BulkInput,
  type BulkPlan,
  type BulkPlanState,
} from '../../shared/bulk-plan.ts';
import { notFound } from '../../shared/errors.ts';
import { row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

export interface BulkPlanRow {
  id: string;
  version: number;
  action: BulkAction;
  filter: Record<string, unknown>;
  input: BulkInput;
  state: BulkPlanState;
  hash: string;
  count: number;
  left_out: number;
  breakdown: BulkBreakdown;
  sample: BulkPlan['sample'];
  cost: string;
  gone_through: number;
  changed: number;
  skipped: number;
  undone: number;
  kept: number;
  created_by: Actor;
  created_at: Date;
  expires_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export function toBulkPlan(found: BulkPlanRow): BulkPlan {
  return {
    id: found.id,
    version: found.version,
    action: found.action,
    filter: found.filter,
    input: found.input,
    state: found.state,
    hash: found.hash,
    count: found.count,
    leftOut: found.left_out,
    sample: found.sample,
    breakdown: found.breakdown,
    estimatedCostUsd: found.cost,
    undoable: undoable[found.action],
    goneThrough: found.gone_through,
    changed: found.changed,
    skipped: found.skipped,
    undone: found.undone,
    kept: found.kept,
    createdBy: found.created_by,
    createdAt: found.created_at.toISOString(),
    expiresAt: found.expires_at.toISOString(),
    startedAt: found.started_at?.toISOString() ?? null,
    finishedAt: found.finished_at?.toISOString() ?? null,
  };
}

export function findBulkPlans(tx: TenantTransaction, where: Statement): Promise<BulkPlanRow[]> {
  return rows(tx.db, sql<BulkPlanRow>`select b.*, b.estimated_cost_usd::text as cost from bulk_plans b where ${where}`);
}

export async function readBulkPlan(tx: TenantTransaction, id: string): Promise<BulkPlanRow> {
  const [found] = await findBulkPlans(tx, sql`b.id = ${id}`);
  if (!found) throw notFound('bulk plan');
  return found;
}

/** The plan's row, held until the transaction ends: whoever stops it waits for the rows that are being done. */
export async function lockBulkPlan(tx: TenantTransaction, id: string): Promise<BulkPlanRow> {
  await row(tx.db, sql`select 1 from bulk_plans where id = ${id} for update`);
  return readBulkPlan(tx, id);
}

/** Sends the plan's present row to the live stream, and to the audit log where somebody decided something. */
export async function announce(tx: TenantTransaction, id: string, told: { fact: string; audit: boolean }): Promise<BulkPlan> {
  const shown = toBulkPlan(await readBulkPlan(tx, id));
  const { action, count, state, changed, skipped, undone } = shown;
  const after = { action, count, state, changed, skipped, undone };
  tx.record({
    event: { type: `bulk_plan.${told.fact}`, entity: 'bulk_plan', id, version: shown.version, data: shown },
    ...(told.audit && { audit: { action: `bulkPlans.${told.fact}`, entity: 'bulk_plan', id, after } }),
  });
  return shown;
}
