// Failed tasks by the hundred thousand, as the engine leaves them: error, fingerprint, agent and times.
import { sql } from 'kysely';
import type { TenantTransaction } from '../../platform/tenant-transaction.ts';

/** What goes wrong in a fleet; ids and figures differ from task to task and make no group of their own. */
const causes = [
  ['provider_error', 'The provider answered 429 three times. retry-after: %s'],
  ['provider_error', 'The provider answered 503: upstream connect error, request %s'],
  ['agent_error', 'ENOSPC: no space left on device, write of %s bytes'],
  ['agent_error', 'Torque limit of joint %s is above what the safety case says'],
  ['lease_expired', 'The agent was not heard within its lease.'],
  ['invalid_output', 'The answer is no JSON: unexpected token at position %s'],
  ['tool_error', 'git clone failed after %s s: the remote end hung up unexpectedly'],
  ['timeout', 'No answer of the model within %s s'],
] as const;

export interface Seeding {
  tasks: number;
  groups: number;
  agentIds: readonly string[];
}

/** Sizes fall off as they do in life: the first group has a quarter of all, the last a few. */
export async function seedFailures({ db }: TenantTransaction, { tasks, groups, agentIds }: Seeding): Promise<void> {
  const weights = Array.from({ length: groups }, (_, index) => 1 / (index + 1));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const sizes = weights.map((weight) => Math.max(1, Math.floor((weight / whole) * tasks)));
  sizes[0]! += tasks - sizes.reduce((sum, size) => sum + size, 0);
  for (const [index, size] of sizes.entries()) {
    const [code, message] = causes[index % causes.length]!;
    // Words that make it a group of its own where the causes come round again.
    const words = index < causes.length ? message : `${message}, in the stage “${'abcdefghij'[Math.floor(index / causes.length)]}”`;
    await sql`insert into tasks (id, title, instructions, kind, state, agent_id, priority, queue, attempt, failed_attempts, max_attempts,
        time_limit_seconds, error, execution_seconds, cost_usd, created_by, created_at, started_at, finished_at)
      select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint - n), 12, '0') || '7' || substr(md5(${index}::text || n::text), 1, 3)
          || '8' || substr(md5(${index}::text || n::text), 4, 15))::uuid,
        'Read the log of unit ' || n, '', 'work', 'failed', (${agentIds}::uuid[])[1 + (n + ${index}) % ${agentIds.length}], 5, 'default', 3, 3, 3, 900,
        jsonb_build_object('code', ${code}::text, 'message', replace(${words}::text, '%s', n::text)), 12.5, 0.015, '{"kind":"system","id":null,"name":"Seed"}',
        now() - n * interval '1 second', now() - n * interval '1 second', now() - n * interval '1 second' + interval '12 seconds'
      from generate_series(1, ${size}) n`.execute(db);
  }
  await sql`analyze tasks`.execute(db).catch(() => undefined);
}
