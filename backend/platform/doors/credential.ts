// Who is asking: what a bearer token or an API key turned out to be.
import type { Actor } from '../../../shared/actor.ts';
import type { Role, Scope } from '../../../shared/permissions.ts';
import type { Tenant } from '../tenants.ts';

interface Bearer {
  tenant: Tenant;
  /** The person's present role; of a key, that of its creator. */
  role: Role;
  name: string;
}
export interface UserCredential extends Bearer {
  kind: 'user';
  userId: string;
  sessionId: string;
}
export interface KeyCredential extends Bearer {
  kind: 'key';
  keyId: string;
  scopes: readonly Scope[];
  /** The one agent that the key works as. */
  agentId: string | null;
}
export type Credential = UserCredential | KeyCredential;

/** Turns the text behind `Bearer` into a credential, or throws `unauthenticated`. */
export type Authenticate = (bearer: string) => Promise<Credential>;

/** The actor that a credential's changes are recorded under. */
export function actorOf(credential: Credential): Actor {
  return credential.kind === 'user'
    ? { kind: 'user', id: credential.userId, name: credential.name }
    : { kind: 'key', id: credential.keyId, name: credential.name };
}
