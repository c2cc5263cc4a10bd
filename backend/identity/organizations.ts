// Organisations as their people see them: the workspace's name with the role in it, and the answer to a
// sign-in.
import { AppError } from '../../shared/errors.ts';
import type { Organization, Session, User } from '../../shared/identity.ts';
import type { Role } from '../../shared/permissions.ts';
import { systemCaller, type RunInTenant } from '../platform/tenant-transaction.ts';
import type { Tenant, Tenants } from '../platform/tenants.ts';
import { readWorkspace } from '../workspace/index.ts';
import type { Membership, Person } from './people.ts';
import type { NewSession } from './sessions.ts';
import { ACCESS_SECONDS, type Tokens } from './tokens.ts';

export interface Organizations {
  tenantOf(id: string): Promise<Tenant>;
  read(tenant: Tenant, role: Role): Promise<Organization>;
  readAll(memberships: Membership[]): Promise<Organization[]>;
}

export function createOrganizations(tenants: Tenants, runInTenant: RunInTenant): Organizations {
  const tenantOf = async (id: string) => {
    const tenant = await tenants.find(id);
    if (!tenant) throw new AppError('internal', 'The workspace of a membership is missing.');
    return tenant;
  };
  const read: Organizations['read'] = async (tenant, role) => {
    const { id, name, createdAt, demo } = await runInTenant(tenant, systemCaller, (tx) => readWorkspace(tx));
    return { id, name, role, createdAt, ...(demo && { demo }) };
  };
  return {
    tenantOf,
    read,
    async readAll(memberships) {
      const found: Organization[] = [];
      // One after the other: each is a transaction, and a person has few.
      for (const { tenant_id: id, role } of memberships) found.push(await read(await tenantOf(id), role));
      return found;
    },
  };
}

export function toUser({ id, name, email }: Person): User {
  return { id, name, email };
}

/** The answer to a sign-in: who, where, and the pair of tokens. */
export async function toSession(
  tokens: Tokens,
  who: { user: User; organization: Organization },
  opened: NewSession,
): Promise<Session> {
  const { user, organization } = who;
  const accessToken = await tokens.issueAccess({
    userId: user.id,
    sessionId: opened.sessionId,
    organizationId: organization.id,
    role: organization.role,
  });
  return { user, organization, accessToken, refreshToken: opened.refreshToken, expiresIn: ACCESS_SECONDS };
}
