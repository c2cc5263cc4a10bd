// The month's usage: executions reserved at the claim, seconds, tokens and cost added at the end of an attempt.
import { planLimits, type BillingPlan } from '../../shared/billing.ts';
import { AppError } from '../../shared/errors.ts';
import type { Usage } from '../../shared/usage.ts';
import { kept, row, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

/** The month of a time in UTC, `2026-11`. */
export function periodOf(time: Date): string {
  return time.toISOString().slice(0, 7);
}

/** The first moment of the month after. */
export function periodEnd(time: Date): Date {
  return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 1));
}

export async function monthlyLimit(tx: TenantTransaction): Promise<number | null> {
  const workspace = await row(tx.db, sql<{ plan: BillingPlan }>`select plan from workspace`);
  return limitOf(workspace!.plan);
}

/** Executions of a month; null: as many as there are. */
export const limitOf = (plan: BillingPlan): number | null => planLimits[plan].executionsPerMonth;

/**
 * Reserves up to `wanted` executions of the month; returns how many there were. Concurrent claims wait for the row,
 * and whoever holds it is alone in writing this month's usage. `plan`: the workspace's; where it has no limit there is
 * nothing to reserve, and what is executed is counted with the rest of the usage.
 */
export async function reserveExecutions(tx: TenantTransaction, wanted: number, plan: BillingPlan): Promise<number> {
  const limit = limitOf(plan);
  if (wanted === 0 || limit === null) return wanted;
  const period = periodOf(tx.now);
  const { executions } = (await row(tx.db, kept(sql<{ executions: number }>`
    insert into usage_months as m (period) values (${period})
    on conflict (period) do update set executions = m.executions returning executions`)))!;
  const granted = Math.max(0, Math.min(wanted, limit - executions));
  if (granted > 0) {
    await kept(sql`update usage_months set executions = executions + ${granted}::int where period = ${period}`).execute(tx.db);
  }
  return granted;
}

/** The error of a claim that found work and no quota. */
export async function quotaExceeded(tx: TenantTransaction): Promise<AppError> {
  const limit = await monthlyLimit(tx);
  const resetsAt = periodEnd(tx.now).toISOString();
  return new AppError('quota_exceeded', `The ${limit} executions of this month are used up. They start anew on ${resetsAt}.`, {
    details: { resetsAt, limit: limit ?? 0 },
  });
}

interface MonthRow {
  executions: number;
  execution_seconds: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: string;
}

export async function readUsage(tx: TenantTransaction): Promise<Usage> {
  const limit = await monthlyLimit(tx);
  const period = periodOf(tx.now);
  const month = await row(tx.db, sql<MonthRow>`select executions, execution_seconds, input_tokens, output_tokens,
    cost_usd::text as cost_usd from usage_months where period = ${period}`);
  const used = month?.executions ?? 0;
  return {
    period,
    executions: used,
    executionSeconds: Math.round((month?.execution_seconds ?? 0) * 1000) / 1000,
    inputTokens: Number(month?.input_tokens ?? 0),
    outputTokens: Number(month?.output_tokens ?? 0),
    costUsd: month?.cost_usd ?? '0',
    quota: {
      limit,
      used,
      remaining: limit === null ? null : Math.max(0, limit - used),
      resetsAt: periodEnd(tx.now).toISOString(),
    },
  };
}
