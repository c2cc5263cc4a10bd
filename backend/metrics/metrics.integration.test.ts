// Live operation over HTTP on both databases: what agents did is what the series says, recounted from the attempts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricSeries } from '../../shared/metric.ts';
import { rows, sql } from '../platform/database.ts';
import { systemCaller } from '../platform/tenant-transaction.ts';
import { openTestBackend, type Api, type TestBackend } from '../testing/backend.ts';

interface Counted {
  fact: string;
  count: number;
}

describe.each(['pglite', 'postgres'] as const)('live operation on %s', (dialect) => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await openTestBackend(dialect);
  });
  afterAll(() => backend.close());

  async function setup() {
    const owner = await backend.register();
    const agent = (await owner.api.do('agents.create', { name: 'worker', kind: 'external', concurrency: 50 })) as { id: string };
    const made = (await owner.api.do('keys.create', { name: 'k', scopes: ['agent', 'tasks:read'], agentId: agent.id })) as { key: string };
    const key = backend.api(made.key);
    const tenant = (await backend.test.tenants.find(owner.organization.id))!;
    const claim = async (title: string, more: object = {}) => {
      await owner.api.do('tasks.create', { title, agentId: agent.id, ...more });
      const claimed = (await key.do('work.claim')) as { task: { id: string }; lease: { token: string } };
      return { id: claimed.task.id, leaseToken: claimed.lease.token };
    };
    return { owner, key, tenant, claim };
  }
  const series = async (api: Api, windowMinutes = 5) => (await api.do('metrics.series', { windowMinutes })) as MetricSeries;

  it('counts every begin and end once, in the transaction of the work', async () => {
    const { owner, key, tenant, claim } = await setup();
    await key.do('work.complete', { ...(await claim('one')), output: 'x' });
    await key.do('work.complete', { ...(await claim('two')), output: 'x' });
    await key.do('work.fail', { ...(await claim('three', { maxAttempts: 1 })), error: 'no' });
    await key.do('work.fail', { ...(await claim('four', { maxAttempts: 3 })), error: 'again' });
    await key.do('work.handoff', { ...(await claim('five')), notes: 'go on' });
    const stale = await claim('six');
    await owner.api.do('tasks.cancel', { id: stale.id });
    // Refused: it is not the current attempt any more, and nothing is counted.
    expect((await key.call('work.complete', { ...stale, output: 'late' })).status).toBe(409);
    const { points } = await series(owner.api);
    expect(points.at(-1)).toMatchObject({ succeeded: 2, failed: 1, retried: 1, handedOff: 1, offline: 1, idle: 1 });
    expect(points.at(-1)!.started).toBe(6);
    const counted = await backend.test.runInTenant(tenant, systemCaller, ({ db }) =>
      rows(db, sql<Counted>`select fact, sum(count)::int as count from metric_counts where seconds = 60 group by 1 order by 1`));
    const recounted = await backend.test.runInTenant(tenant, systemCaller, ({ db }) =>
      rows(db, sql<Counted>`select case when x.outcome in ('failed', 'lease_expired') then case when t.state = 'failed' then 'failed' else 'retried' end
          else x.outcome end as fact, count(*)::int as count
        from attempts x join tasks t on t.id = x.task_id where x.outcome <> 'running' group by 1
        union all select 'wait', count(*)::int from attempts order by 1`));
    expect(counted).toEqual(recounted);
  });

  it('counts exactly under many ends at once', async () => {
    const { owner, key, claim } = await setup();
    const claims = [];
    for (let index = 0; index < 24; index += 1) claims.push(await claim(`t${index}`));
    await Promise.all(claims.map((lease) => key.do('work.complete', { ...lease, output: 'x' })));
    const { points } = await series(owner.api);
    expect(points.at(-1)).toMatchObject({ succeeded: 24, started: 24, running: 0 });
    expect(points.at(-1)!.runP50).not.toBeNull();
  });

  it('is open to a key that may read tasks, and shows the node that answered', async () => {
    const { key } = await setup();
    const { node, points } = await series(key, 60);
    expect(node).toMatchObject({ version: '0.0.0-test', database: dialect });
    expect(node.connectionLimit).toBeGreaterThan(0);
    const now = points.at(-1)!;
    expect(now.queryP95).toBeGreaterThan(0);
    expect(now.memoryBytes).toBeGreaterThan(1_000_000);
  });

  it('refuses a window that is longer than what is kept', async () => {
    const { owner } = await setup();
    const answer = await owner.api.call('metrics.series', { windowMinutes: 20_000 });
    expect([answer.status, answer.body.fields[0].path]).toEqual([422, 'windowMinutes']);
  });
});

it('shows presence and connections to Prometheus', async () => {
  const backend = await openTestBackend('pglite');
  try {
    const owner = await backend.register();
    await owner.api.do('agents.create', { name: 'worker', kind: 'external' });
    const text = await (await fetch(`${backend.url}/metrics`)).text();
    expect(text).toContain(`agents_by_presence{tenant_id="${owner.organization.id}",presence="offline"} 2`);
    expect(text).toContain('database_connections{state="used"} 1');
  } finally {
    await backend.close();
  }
});
