// A workspace for tests of any noun: what registration leaves in a tenant, and a way through the handlers.
import { sql } from 'kysely';
import type { BillingPlan } from '../../../shared/billing.ts';
import type { Operation } from '../../../shared/operation.ts';
import type { Role } from '../../../shared/permissions.ts';
import type { z } from 'zod';
import { jsonb } from '../database.ts';
import { actorOf, type Credential } from '../doors/credential.ts';
import type { Handler, SignedInRequest } from '../doors/handlers.ts';
import { newId } from '../ids.ts';
import {
  atOnce,
  createRunInTenant,
  systemCaller,
  type RunInTenant,
  type Settlers,
  type TenantTransaction,
} from '../tenant-transaction.ts';
import type { Tenant } from '../tenants.ts';
import type { TestDatabase } from './database.ts';

export interface HandlerWorkspace {
  tenant: Tenant;
  runInTenant: RunInTenant;
  coordinatorId: string;
  /** An account of the simulator. */
  accountId: string;
  run<Result>(work: (tx: TenantTransaction) => Promise<Result>): Promise<Result>;
  /** Calls a handler as a door would, with its input parsed by the operation's schema. */
  call<O extends Operation>(
    operation: O,
    handler: Handler<O>,
    input: z.input<O['input']>,
  ): Promise<z.input<O['output']>>;
  /** The same as somebody with another role. */
  as(role: Role): HandlerWorkspace['call'];
}

export interface WorkspaceOptions {
  plan?: BillingPlan;
  settlers?: Settlers;
  simulator?: object;
}

export async function makeHandlerWorkspace(
  test: TestDatabase,
  options: WorkspaceOptions = {},
): Promise<HandlerWorkspace> {
  const tenant = await test.tenants.provision(newId(), async () => {});
  const runInTenant = createRunInTenant(test.database, test.installation.appLogin, {
    settlers: options.settlers,
  });
  const run: HandlerWorkspace['run'] = (work) => runInTenant(tenant, systemCaller, work);
  const coordinatorId = newId();
  const accountId = newId();
  await run(async ({ db }) => {
    await sql`insert into head default values`.execute(db);
    await sql`insert into workspace (name, plan) values ('Test', ${options.plan ?? 'enterprise'})`.execute(
      db,
    );
    await sql`insert into agents (id, name, kind, built_in) values (${coordinatorId}, 'coordinator', 'hosted', true)`.execute(
      db,
    );
    await sql`insert into provider_accounts (id, name, kind, settings)
      values (${accountId}, 'Simulator', 'simulator', ${jsonb(options.simulator ?? {})})`.execute(db);
  });
  const as =
    (role: Role): HandlerWorkspace['call'] =>
    async (operation, handler, input) => {
      const credential: Credential = {
        kind: 'user',
        tenant,
        role,
        name: 'Owner',
        userId: newId(),
        sessionId: newId(),
      };
      const request: SignedInRequest = {
        credential,
        origin: '127.0.0.1',
        signal: new AbortController().signal,
      };
      const parsed = operation.input.parse(input) as never;
      if (handler.where === 'platform') return handler.run(request, parsed);
      const caller = { actor: actorOf(credential), origin: request.origin };
      const work = (tx: TenantTransaction) => handler.run(tx, parsed, request);
      return runInTenant(tenant, caller, handler.atOnce ? atOnce(work) : work);
    };
  return { tenant, runInTenant, coordinatorId, accountId, run, as, call: as('owner') };
}
