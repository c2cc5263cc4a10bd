// What an attempt may cost at the most: what a budget reserves before the attempt begins.
import { costOf } from '../../shared/price.ts';
import { isServiceKind, serviceSettings, simulatorSettings, type ProviderKind } from '../../shared/provider.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { ADDED_INPUT_TOKENS } from './meter.ts';
import { openPrices } from './prices.ts';

interface Runs {
  kind: ProviderKind;
  settings: unknown;
  model: string;
  told: number;
}

/** Headings, and the names of agents in a prompt: bytes of it that are in no column. */
const FRAME_BYTES = 2_000;

/**
 * The most that one attempt of an agent at each of these tasks can cost, in US dollars as a decimal string; null: no
 * price is known for its model, so that nothing can be said. External agents report their own cost: null too.
 * A token has a byte at the least, so its prompt's bytes are the most that it reads; what it writes is limited.
 */
export async function worstCaseCosts(
  tx: TenantTransaction,
  agentId: string,
  taskIds: string[],
): Promise<Map<string, string | null>> {
  const found = await row(tx.db, sql<Runs>`
    select p.kind, p.settings, a.model, octet_length(a.name || a.role || a.instructions)::int as told
    from agents a join provider_accounts p on p.id = a.provider_account_id where a.id = ${agentId}`);
  const all = (cost: string | null) => new Map(taskIds.map((id) => [id, cost]));
  if (!found) return all(null);
  // A made-up cost is told as a program tells its own: while it runs.
  if (!isServiceKind(found.kind)) return all(simulatorSettings.parse(found.settings).costUsd ? null : '0');
  const rates = (await openPrices(tx))(found.model);
  if (rates === null) return all(null);
  const { maxOutputTokens } = serviceSettings.parse(found.settings);
  // The findings that an attempt is given are the newest fifty of its plan.
  const sizes = await rows(tx.db, sql<{ id: string; bytes: number }>`
    select t.id, (octet_length(concat(t.title, t.instructions, t.handoff_notes, t.expected_output, t.success_criteria))
      + coalesce((select sum(octet_length(f.title || f.body) + 200) from (
          select title, body from findings where plan_id = t.plan_id order by id desc limit 50) f), 0))::int as bytes
    from tasks t where t.id = any(${taskIds}::uuid[])`);
  const costs = all(null);
  for (const { id, bytes } of sizes) {
    const inputTokens = bytes + found.told + FRAME_BYTES + ADDED_INPUT_TOKENS;
    costs.set(id, costOf(rates, { inputTokens, outputTokens: maxOutputTokens }));
  }
  return costs;
}
