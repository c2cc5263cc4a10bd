// A plan's whole way over HTTP, as a program would go it: read, created, started, run by the engine, reported on.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Overview } from '../../shared/overview.ts';
import type { Plan, PlanPreview } from '../../shared/plan.ts';
import { pause } from '../platform/clock.ts';
import { openTestBackend, type Api, type Dialect } from '../testing/backend.ts';

const examples = join(import.meta.dirname, '../../resources/plans');

async function ended(api: Api, id: string): Promise<Plan> {
  for (;;) {
    const plan = (await api.do('plans.get', { id })) as Plan;
    if (plan.state !== 'running') return plan;
    await pause(50);
  }
}

describe.each<Dialect>(['pglite', 'postgres'])('an example plan on %s', (dialect) => {
  it('is read, created, run to its end and reported', async () => {
    const backend = await openTestBackend(dialect);
    try {
      const { api } = await backend.register();
      const settings = { seed: 3, typicalSeconds: 0.02, failureRate: 0, overrunRate: 0 };
      const account = (await api.do('providers.create', { name: 'Simulator', kind: 'simulator', settings })) as { id: string };
      const newAgents = { kind: 'hosted', provider: { accountId: account.id, model: 'simulated' } };
      for (const name of (await readdir(examples)).filter((file) => file.endsWith('.md'))) {
        const { plan } = (await api.do('plans.import', { text: await readFile(join(examples, name), 'utf8') })) as PlanPreview;
        for (const format of ['json', 'yaml']) {
          // JSON is YAML too: both readers give the plan back as it was.
          const again = (await api.do('plans.import', { format, text: JSON.stringify(plan) })) as PlanPreview;
          expect(again.plan).toEqual(plan);
        }
        const { id } = (await api.do('plans.create', { ...plan, newAgents })) as Plan;
        await api.do('plans.start', { id });
        const done = await ended(api, id);
        expect(done).toMatchObject({ state: 'succeeded', counts: { total: plan.tasks.length, succeeded: plan.tasks.length } });
        const report = (await api.do('plans.report', { id })) as string;
        expect(report).toContain('Simulated');
        for (const task of plan.tasks) expect(report).toContain(task.key);
      }
      const overview = (await api.do('overview.get', { windowMinutes: 30 })) as Overview;
      expect(overview.figures.tasks.running).toBe(0);
      expect(overview.lanes.flatMap((lane) => lane.blocks).every((block) => block.state === 'succeeded')).toBe(true);
      const audit = (await api.do('audit.head')) as { seq: number };
      expect(audit.seq).toBeGreaterThan(0);
    } finally {
      await backend.close();
    }
  });
});
