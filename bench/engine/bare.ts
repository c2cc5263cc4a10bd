// The reference: plain batched SQL that writes the rows that the engine writes (tasks, attempts, events, audit, usage,
// metrics, agent, head, hint), with their size, and nothing of what decides whether they may be written.
import type pg from 'pg';
import type { Bench } from './open.ts';

// Of the size of a task's row as lists show it, and of an audit entry.
const summary = JSON.stringify({ filler: 'x'.repeat(720) });
const actor = JSON.stringify({ kind: 'system', id: null, name: 'Signalbox' });
const before = JSON.stringify({ state: 'queued' });
const after = JSON.stringify({ state: 'running', attempt: 1, agentName: 'bench' });
const hash = '0'.repeat(64);

async function inTransaction<Result>(client: pg.Client, work: () => Promise<Result>): Promise<Result> {
  await client.query('begin');
  const result = await work();
  await hint(client);
  await client.query('commit');
  return result;
}

/** One event and one audit entry for each id, under the head row. */
async function tell(client: pg.Client, ids: string[], fact: string): Promise<void> {
  const head = await client.query<{ event: string; audit: string }>(
    'update head set event_seq = event_seq + $1, audit_seq = audit_seq + $1, audit_hash = $2 returning event_seq - $1 as event, audit_seq - $1 as audit',
    [ids.length, hash],
  );
  const { event, audit } = head.rows[0]!;
  await client.query(
    `insert into events (seq, at, type, entity, entity_id, version, data)
     select $1::bigint + n, now(), $2, 'task', id, 1, $3::json from unnest($4::uuid[]) with ordinality as u(id, n)`,
    [event, `task.${fact}`, summary, ids],
  );
  await client.query(
    `insert into audit (seq, at, actor, origin, action, entity, entity_id, before, after, hash)
     select $1::bigint + n, now(), $2::json, 'system', $3, 'task', id::text, $4::json, $5::json, $6
     from unnest($7::uuid[]) with ordinality as u(id, n)`,
    [audit, actor, `tasks.${fact}`, before, after, hash, ids],
  );
}

/** Drains the queue: a batch is claimed in one transaction and completed in another. */
export async function drainBare({ bare, agentId }: Bench, batch: number): Promise<void> {
  for (;;) {
    const ids = await inTransaction(bare, async () => {
      const claimed = await bare.query<{ id: string }>(
        `update tasks set state = 'running', version = version + 1, attempt = attempt + 1, claimed_by = $1, counted = true,
           lease_token = id::text, lease_expires_at = now() + interval '30 seconds', deadline_at = now() + interval '900 seconds',
           started_at = now()
         where id in (select id from tasks where state = 'queued' and agent_id = $1 order by priority desc, queued_at, id
           limit $2 for update skip locked) returning id`,
        [agentId, batch],
      );
      const found = claimed.rows.map(({ id }) => id);
      if (found.length === 0) return found;
      await bare.query(
        `insert into attempts (task_id, number, token, agent_id, agent_name, started_at, wait_seconds)
         select id, 1, id::text, $1, 'bench', now(), 0 from unnest($2::uuid[]) as u(id)`,
        [agentId, found],
      );
      await bare.query('update agents set running = running + $1, version = version + 1 where id = $2', [found.length, agentId]);
      await count(bare, found.length, 'claimed');
      await tell(bare, found, 'claimed');
      return found;
    });
    if (ids.length === 0) return;
    await inTransaction(bare, async () => {
      await bare.query(
        `update tasks set state = 'succeeded', version = version + 1, output = 'done', finished_at = now(), lease_token = null,
           lease_expires_at = null, deadline_at = null, execution_seconds = 1 where id = any($1::uuid[])`,
        [ids],
      );
      await bare.query(
        `update attempts set outcome = 'succeeded', finished_at = now() where task_id = any($1::uuid[]) and number = 1`,
        [ids],
      );
      await bare.query('update agents set running = running - $1, version = version + 1 where id = $2', [ids.length, agentId]);
      await count(bare, 0, 'succeeded');
      await tell(bare, ids, 'succeeded');
    });
  }
}

/** The rows of usage (month, hour, day) and of metrics (second, minute). */
async function count(client: pg.Client, executions: number, outcome: string): Promise<void> {
  await client.query(
    `insert into usage_months as m (period, executions, execution_seconds) values ('2026-01', $1, 1)
     on conflict (period) do update set executions = m.executions + excluded.executions,
       execution_seconds = m.execution_seconds + 1`,
    [executions],
  );
  for (const [table, part] of [['usage_hours', 'hour'], ['usage_days', 'day']]) {
    await client.query(
      `insert into ${table} as u (at, agent_id, plan_id, account_id, outcome, executions, attempts, execution_seconds, input_tokens, output_tokens, cost_usd)
       select date_trunc('${part}', now(), 'UTC'), id, null, null, $1, $2, 1, 1, 0, 0, 0 from agents limit 1
       on conflict (at, agent_id, plan_id, account_id, outcome) do update set executions = u.executions + excluded.executions,
         attempts = u.attempts + 1, execution_seconds = u.execution_seconds + 1`,
      [outcome, executions],
    );
  }
  await client.query(
    `insert into metric_counts as m (seconds, at, fact, bucket, count)
     select s, date_trunc('minute', now()), $1, 1, 100 from unnest(array[1, 60]) as s
     on conflict (seconds, at, fact, bucket) do update set count = m.count + excluded.count`,
    [outcome === 'claimed' ? 'wait' : outcome],
  );
}

/** The hint that there is work, and the signal. */
async function hint(client: pg.Client): Promise<void> {
  await client.query(
    `insert into platform.work_hints (tenant_id, ready_at) select id, now() from platform.tenants limit 1
     on conflict (tenant_id) do update set ready_at = least(work_hints.ready_at, excluded.ready_at)`,
  );
  await client.query(`select pg_notify('bench', 'e')`);
}

/** The same tasks by one `unnest` a thousand, each with its event and its audit entry. */
export async function createBare({ bare, agentId }: Bench, chunks: { ids: string[]; titles: string[] }[]): Promise<void> {
  for (const { ids, titles } of chunks) {
    await inTransaction(bare, async () => {
      await bare.query(
        `insert into tasks (id, title, instructions, state, agent_id, queued_at, time_limit_seconds, created_by)
         select id, title, 'Do it.', 'queued', $1, now(), 900, $2::jsonb from unnest($3::uuid[], $4::text[]) as u(id, title)`,
        [agentId, actor, ids, titles],
      );
      await tell(bare, ids, 'created');
    });
  }
}
