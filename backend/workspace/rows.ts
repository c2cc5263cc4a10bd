// The workspace's one row, and the statements that read and change it.
import type { BillingPlan } from '../../shared/billing.ts';
import type { Retention, Workspace } from '../../shared/workspace.ts';
import { row, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

interface WorkspaceRow {
  tenant_id: string;
  name: string;
  plan: BillingPlan;
  version: number;
  paused_at: Date | null;
  paused_by: string | null;
  created_at: Date;
  demo: boolean;
  keep_events_days: number | null;
  max_running: number | null;
}

function toWorkspace(found: WorkspaceRow): Workspace {
  return {
    id: found.tenant_id,
    version: found.version,
    name: found.name,
    plan: found.plan,
    paused: found.paused_at !== null,
    pausedAt: found.paused_at?.toISOString() ?? null,
    pausedBy: found.paused_by,
    createdAt: found.created_at.toISOString(),
    demo: found.demo,
    keepEventsDays: found.keep_events_days,
    maxRunning: found.max_running,
  };
}

export async function readWorkspace({ db }: Pick<TenantTransaction, 'db'>): Promise<Workspace> {
  return toWorkspace((await row(db, sql<WorkspaceRow>`select * from workspace`))!);
}

/** The workspace, locked until the transaction ends. */
export async function lockWorkspace({ db }: TenantTransaction): Promise<Workspace> {
  return toWorkspace((await row(db, sql<WorkspaceRow>`select * from workspace for update`))!);
}

export async function updatePaused(tx: TenantTransaction, paused: boolean): Promise<Workspace> {
  const changed = await row(
    tx.db,
    sql<WorkspaceRow>`
    update workspace set version = version + 1, paused_at = ${paused ? tx.now : null}::timestamptz,
      paused_by = ${paused ? tx.actor.name : null}::text
    returning *`,
  );
  return toWorkspace(changed!);
}

export async function updateName(tx: TenantTransaction, name: string): Promise<Workspace> {
  const changed = await row(
    tx.db,
    sql<WorkspaceRow>`update workspace set version = version + 1, name = ${name} returning *`,
  );
  return toWorkspace(changed!);
}

export async function updateRetention(tx: TenantTransaction, { keepEventsDays }: Retention): Promise<Workspace> {
  const changed = await row(
    tx.db,
    sql<WorkspaceRow>`
    update workspace set version = version + 1, keep_events_days = ${keepEventsDays}::int returning *`,
  );
  return toWorkspace(changed!);
}

export async function updateLimits(tx: TenantTransaction, maxRunning: number | null): Promise<Workspace> {
  const changed = await row(
    tx.db,
    sql<WorkspaceRow>`update workspace set version = version + 1, max_running = ${maxRunning}::int returning *`,
  );
  return toWorkspace(changed!);
}

/** Notes a change of the workspace: the event carries it whole, the audit entry what it was and is. */
export function announceWorkspace(
  tx: TenantTransaction,
  type: string,
  change: { before: object; after: Workspace; action: string },
): void {
  const { after } = change;
  tx.record({
    event: { type, entity: 'workspace', id: after.id, version: after.version, data: after },
    audit: {
      action: change.action,
      entity: 'workspace',
      id: after.id,
      before: change.before,
      after: changedPart(change.before, after),
    },
  });
}

function changedPart(before: object, after: Workspace): object {
  return Object.fromEntries(Object.keys(before).map((name) => [name, after[name as keyof Workspace]]));
}

/** Changes the plan of the organisation, as the operator or a paid subscription says. */
export async function setWorkspacePlan(tx: TenantTransaction, plan: BillingPlan): Promise<Workspace> {
  const before = await lockWorkspace(tx);
  if (before.plan === plan) return before;
  const changed = await row(
    tx.db,
    sql<WorkspaceRow>`update workspace set version = version + 1, plan = ${plan} returning *`,
  );
  const after = toWorkspace(changed!);
  announceWorkspace(tx, 'workspace.plan_changed', {
    before: { plan: before.plan },
    after,
    action: 'workspace.setPlan',
  });
  // What waited for the old plan's quota can go on.
  tx.ready();
  return after;
}
