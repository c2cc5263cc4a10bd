// A workspace for tests of this noun: what registration makes, without the people.
import { sql } from 'kysely';
import type { BillingPlan } from '../../../shared/billing.ts';
import { createAgents } from '../../agents/index.ts';
import { newId } from '../../platform/ids.ts';
import { createRunInTenant, systemCaller, type TenantTransaction } from '../../platform/tenant-transaction.ts';
import type { Tenant } from '../../platform/tenants.ts';
import type { TestDatabase } from '../../platform/testing/database.ts';
import { taskSettlers } from '../index.ts';

export interface TestWorkspace {
  tenant: Tenant;
  run<Result>(work: (tx: TenantTransaction) => Promise<Result>): Promise<Result>;
  addAgent(name: string, more?: { concurrency?: number; capabilities?: string[] }): Promise<string>;
}

export async function makeWorkspace(test: TestDatabase, plan: BillingPlan = 'enterprise'): Promise<TestWorkspace> {
  const tenant = await test.tenants.provision(newId(), async () => {});
  const runInTenant = createRunInTenant(test.database, test.installation.appLogin, { settlers: taskSettlers });
  const run: TestWorkspace['run'] = (work) => runInTenant(tenant, systemCaller, work);
  await run(async ({ db }) => {
    await sql`insert into head default values`.execute(db);
    await sql`insert into workspace (name, plan) values ('Test', ${plan})`.execute(db);
  });
  return {
    tenant,
    run,
    addAgent: (name, more = {}) =>
      run(async (tx) => {
        const [agent] = await createAgents(tx, [
          { name, kind: 'external', concurrency: more.concurrency ?? 1, timeLimitSeconds: 900, capabilities: more.capabilities },
        ]);
        return agent!.id;
      }),
  };
}
