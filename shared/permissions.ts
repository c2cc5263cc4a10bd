// The one table of who may do what. Backend, REST, MCP and console read this and no other.
import { z } from 'zod';

export const roles = ['owner', 'admin', 'sre', 'reviewer', 'member', 'viewer'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** What each role may do; `owner` and `admin` differ where members are managed (a later noun). */
const everyone = ['owner', 'admin', 'sre', 'reviewer', 'member', 'viewer'] as const;
const owners = ['owner'] as const;
const administrators = ['owner', 'admin'] as const;
const operators = ['owner', 'admin', 'sre'] as const;
const creators = ['owner', 'admin', 'sre', 'member'] as const;
const reviewers = ['owner', 'admin', 'reviewer'] as const;
const auditors = ['owner', 'admin', 'sre', 'reviewer'] as const;

export const permissionTable = {
  'workspace:read': everyone,
  'workspace:operate': operators,
  'workspace:write': administrators,
  'workspace:delete': owners,
  'agents:read': everyone,
  'agents:write': administrators,
  'agents:operate': operators,
  'tasks:read': everyone,
  'tasks:create': creators,
  'tasks:operate': operators,
  'tasks:work': operators,
  'plans:read': everyone,
  'plans:create': creators,
  'plans:operate': creators,
  'findings:read': everyone,
  'providers:read': everyone,
  'providers:write': administrators,
  'keys:manage': administrators,
  'usage:read': everyone,
  'budgets:read': everyone,
  'budgets:write': administrators,
  'billing:read': administrators,
  'audit:read': auditors,
  'metrics:read': everyone,
  'checklists:read': everyone,
  'reviews:read': everyone,
  'reviews:write': reviewers,
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissionTable;
export const permissions = Object.keys(permissionTable) as Permission[];

/** Whether a role carries a permission. */
export function may(subject: Role, permission: Permission): boolean {
  return (permissionTable[permission] as readonly Role[]).includes(subject);
}

/** What an API key can be given. A key can do less than its creator's present role, never more. */
export const scopes = [
  'agent',
  'tasks:read',
  'tasks:write',
  'agents:read',
  'agents:write',
  'usage:read',
  'audit:read',
  'reviews:read',
  'reviews:write',
] as const;
export const scope = z.enum(scopes);
export type Scope = z.infer<typeof scope>;
