// One account in full: who runs on it, what it cost this month by model, and what went wrong lately.
import { notFound } from '../../shared/errors.ts';
import type { ProviderDetails } from '../../shared/provider.ts';
import { rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { findAccounts, toAccount } from './accounts.ts';
import { openPrices } from './prices.ts';

interface MonthRow {
  model: string;
  attempts: number;
  failed: number;
  unpriced: number;
  input_tokens: string;
  output_tokens: string;
  cost_usd: string;
}

interface TroubleRow {
  task_id: string;
  title: string;
  agent_name: string;
  number: number;
  error: { code?: string; message?: string };
  at: Date;
}

export async function readDetails(tx: TenantTransaction, id: string): Promise<ProviderDetails> {
  const [found] = await findAccounts(tx, sql`p.id = ${id}`);
  if (!found) throw notFound('provider account');
  const account = toAccount(found, tx.now);
  const runs = await rows(tx.db, sql<{ id: string; name: string; model: string }>`
    select id, name, model from agents where provider_account_id = ${id} and status <> 'retired' order by lower(name), id limit 200`);
  const month = await rows(tx.db, sql<MonthRow>`
    select model, sum(attempts)::int as attempts, sum(failed)::int as failed, sum(unpriced)::int as unpriced,
      sum(input_tokens)::text as input_tokens, sum(output_tokens)::text as output_tokens, trim_scale(sum(cost_usd))::text as cost_usd
    from provider_days where account_id = ${id} and at >= date_trunc('month', now(), 'UTC')
    group by model order by sum(cost_usd) desc, model limit 100`);
  const troubles = await rows(tx.db, sql<TroubleRow>`
    select a.task_id, t.title, a.agent_name, a.number, a.error, coalesce(a.finished_at, a.started_at) as at
    from attempts a join tasks t on t.id = a.task_id
    where a.provider_account_id = ${id} and a.error is not null order by a.started_at desc limit 20`);
  const priceOf = await openPrices(tx);
  const models = [...new Set(runs.map(({ model }) => model))];
  return {
    ...account,
    runs,
    month: month.map((used) => ({
      model: used.model,
      attempts: used.attempts,
      failed: used.failed,
      unpriced: used.unpriced,
      inputTokens: Number(used.input_tokens),
      outputTokens: Number(used.output_tokens),
      costUsd: used.cost_usd,
    })),
    troubles: troubles.map((one) => ({
      taskId: one.task_id,
      taskTitle: one.title,
      agentName: one.agent_name,
      attempt: one.number,
      code: one.error.code ?? 'failed',
      message: one.error.message ?? '',
      at: one.at.toISOString(),
    })),
    withoutPrice: account.simulated ? [] : models.filter((model) => priceOf(model) === null),
  };
}
