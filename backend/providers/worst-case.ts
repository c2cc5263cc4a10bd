// What an attempt may cost at the most: what a budget reserves before the attempt begins.
import { row, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

/**
 * The most that one attempt of an agent at each of these tasks can cost, in US dollars as a decimal string; null: no
 * price is known for its model, so that nothing can be said. External agents report their own cost: null too.
 */
export async function worstCaseCosts(
  tx: TenantTransaction,
  agentId: string,
  taskIds: string[],
): Promise<Map<string, string | null>> {
  const found = await row(tx.db, sql<{ kind: string }>`
    select p.kind from agents a join provider_accounts p on p.id = a.provider_account_id where a.id = ${agentId}`);
  const cost = found?.kind === 'simulator' ? '0' : null;
  return new Map(taskIds.map((id) => [id, cost]));
}
