// The demo workspace, which can be deleted with one operation; no other can.
import { AppError } from '../../shared/errors.ts';
import { rows, sql, type Database } from '../platform/database.ts';
import { systemCaller, type RunInTenant } from '../platform/tenant-transaction.ts';
import type { Tenant, Tenants } from '../platform/tenants.ts';
import { readWorkspace } from './rows.ts';

interface DemoOptions {
  database: Database;
  tenants: Tenants;
  runInTenant: RunInTenant;
}

/** Deletes the workspace and the people who are members of no other. Anything but a demo is refused. */
export async function deleteDemo({ database, tenants, runInTenant }: DemoOptions, tenant: Tenant): Promise<void> {
  const { demo, name } = await runInTenant(tenant, systemCaller, readWorkspace);
  if (!demo) throw new AppError('conflict', `${name} is not a demo workspace. Only the demo can be deleted like this.`);
  const members = (await rows(database.app, sql<{ id: string }>`
    select user_id as id from platform.memberships where tenant_id = ${tenant.id}`)).map(({ id }) => id);
  await tenants.remove(tenant, async (tx) => {
    await sql`delete from platform.users u where id = any(${members}::uuid[])
      and not exists (select 1 from platform.memberships m where m.user_id = u.id)`.execute(tx);
  });
}

/** There is one demo at a time: what an earlier one left behind goes. Embedded only, where all workspaces are here. */
export async function deleteOtherDemos(options: DemoOptions, kept: string): Promise<void> {
  for (const tenant of await options.tenants.all()) {
    if (tenant.id === kept) continue;
    const { demo } = await options.runInTenant(tenant, systemCaller, readWorkspace);
    if (demo) await deleteDemo(options, tenant);
  }
}
