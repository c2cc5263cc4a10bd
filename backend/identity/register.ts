// Registration: the person, the organisation with its schema, and all that a workspace starts with, or
// nothing.
import type { z } from 'zod';
import { COORDINATOR } from '../../shared/agent.ts';
import type { BillingPlan } from '../../shared/billing.ts';
import { AppError } from '../../shared/errors.ts';
import type { registerInput } from '../../shared/identity.ts';
import { isUniqueViolation, sql, type Database, type Transaction } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Tenant, Tenants } from '../platform/tenants.ts';
import { hashPassword } from './passwords.ts';
import { findPersonByEmail, insertMembership, insertPerson, type Person } from './people.ts';
import { insertSession, type NewSession } from './sessions.ts';

export interface RegisterOptions {
  database: Database;
  tenants: Tenants;
  defaultPlan: BillingPlan;
  /** The only node over an embedded database: there alone can be a demo. */
  alone: boolean;
}

export interface Registered {
  person: Person;
  tenant: Tenant;
  opened: NewSession;
}

function emailTaken(): AppError {
  return new AppError(
    'email_taken',
    'There is an account with this e-mail address. Sign in with it, or use another address.',
    {
      details: { fields: [{ path: 'email', message: 'Sign in with this address, or use another one.' }] },
    },
  );
}

/** Writes what every workspace starts with; the search path is at the tenant's schema. */
async function furnish(
  tx: Transaction<unknown>,
  { name, plan, demo }: { name: string; plan: BillingPlan; demo: boolean },
): Promise<void> {
  await sql`insert into workspace (name, plan, demo) values (${name}, ${plan}, ${demo})`.execute(tx);
  await sql`insert into head default values`.execute(tx);
  await sql`insert into agents (id, name, kind, role, built_in)
    values (${newId()}, ${COORDINATOR}, 'hosted', 'Takes the tasks of a plan that name no agent', true)`.execute(
    tx,
  );
}

export async function register(
  options: RegisterOptions,
  input: z.output<typeof registerInput>,
  origin: string,
): Promise<Registered> {
  const { database, tenants, defaultPlan } = options;
  const demo = input.demo ?? false;
  if (demo && !options.alone) {
    throw new AppError('forbidden', 'The demo is made on this computer, not on a server. Create a workspace instead.');
  }
  // The unique index decides; this only spares the making of a schema that would be thrown away.
  if (await findPersonByEmail(database.app, input.email)) throw emailTaken();
  const person: Person = {
    id: newId(),
    email: input.email,
    name: input.name,
    password_hash: await hashPassword(input.password),
  };
  const tenantId = newId();
  let opened: NewSession | undefined;
  try {
    const tenant = await tenants.provision(tenantId, async (tx) => {
      await furnish(tx, { name: input.organizationName, plan: defaultPlan, demo });
      await insertPerson(tx, person);
      await insertMembership(tx, person.id, { tenant_id: tenantId, role: 'owner' });
      opened = await insertSession(tx, { userId: person.id, tenantId, origin });
    });
    return { person, tenant, opened: opened! };
  } catch (error) {
    if (isUniqueViolation(error, 'users_email')) throw emailTaken();
    throw error;
  }
}
