// API keys: the rows of a tenant's keys, and the handlers that make, list and revoke them.
import type { z } from 'zod';
import { AppError, notFound } from '../../shared/errors.ts';
import type { ApiKey, keyInput, keyOperations } from '../../shared/identity.ts';
import type { Scope } from '../../shared/permissions.ts';
import { row, rows, sql } from '../platform/database.ts';
import { inTenant, type HandlersOf, type SignedInRequest } from '../platform/doors/handlers.ts';
import { newId } from '../platform/ids.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { hashSecret, keyPrefix, newKeyText } from './tokens.ts';

export interface KeyRow {
  id: string;
  name: string;
  prefix: string;
  secret_hash: string;
  scopes: Scope[];
  agent_id: string | null;
  created_by: string;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

/** The prefix comes from the ids: rows of older versions hold one that no key begins with. */
function toApiKey(found: KeyRow, tenantId: string): ApiKey {
  return {
    id: found.id,
    name: found.name,
    prefix: keyPrefix(tenantId, found.id),
    scopes: found.scopes,
    agentId: found.agent_id,
    createdAt: found.created_at.toISOString(),
    expiresAt: found.expires_at?.toISOString() ?? null,
    lastUsedAt: found.last_used_at?.toISOString() ?? null,
  };
}

/** What the audit log keeps of a key: never the secret, nor its hash. */
function forAudit(key: KeyRow, tenantId: string): object {
  const { id, name, prefix, scopes, agentId, expiresAt } = toApiKey(key, tenantId);
  return { id, name, prefix, scopes, agentId, expiresAt };
}

export function findKey({ db }: TenantTransaction, id: string): Promise<KeyRow | undefined> {
  return row(db, sql<KeyRow>`select * from api_keys where id = ${id}`);
}

/** Notes the use of a key, at most once a minute. */
export async function touchKey({ db }: TenantTransaction, id: string): Promise<void> {
  await sql`update api_keys set last_used_at = now()
    where id = ${id} and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(db);
}

function refuseField(path: string, message: string): AppError {
  return new AppError('validation_failed', `${path}: ${message}`, {
    details: { fields: [{ path, message }] },
  });
}

/**
 * The agent that a key is bound to must be there and not be retired; it stays so until the transaction ends.
 */
async function checkAgent({ db }: TenantTransaction, agentId: string): Promise<void> {
  const found = await row(
    db,
    sql<{ status: string }>`select status from agents where id = ${agentId} for share`,
  );
  if (!found) throw notFound('agent');
  if (found.status === 'retired')
    throw refuseField('agentId', 'This agent is retired. Choose an active one.');
}

async function createKey(tx: TenantTransaction, input: z.output<typeof keyInput>, request: SignedInRequest) {
  // The table of operations gives keys.create no scope, so that no key makes keys.
  if (request.credential.kind !== 'user')
    throw new AppError('forbidden', 'No API key makes API keys. Sign in instead.');
  const { name, scopes, agentId, expiresAt } = input;
  if (scopes.includes('agent') && agentId === undefined) {
    throw refuseField('agentId', 'The scope "agent" needs the agent that the key works as.');
  }
  if (expiresAt !== undefined && new Date(expiresAt) <= tx.now) {
    throw refuseField('expiresAt', 'Choose a time in the future, or leave it out.');
  }
  if (agentId !== undefined) await checkAgent(tx, agentId);
  const id = newId();
  const text = newKeyText(tx.tenant.id, id);
  const made = (await row(
    tx.db,
    sql<KeyRow>`
    insert into api_keys (id, name, prefix, secret_hash, scopes, agent_id, created_by, expires_at)
    values (${id}, ${name}, ${text.prefix}, ${hashSecret(text.secret)}, ${[...new Set(scopes)]}::text[],
      ${agentId ?? null}::uuid, ${request.credential.userId}, ${expiresAt ?? null}::timestamptz)
    returning *`,
  ))!;
  tx.record({
    event: { type: 'key.created', entity: 'key', id, version: 1, data: null },
    audit: { action: 'keys.create', entity: 'key', id, before: null, after: forAudit(made, tx.tenant.id) },
  });
  return { id, key: text.key, prefix: text.prefix };
}

async function revokeKey(tx: TenantTransaction, id: string): Promise<void> {
  const revoked = await row(
    tx.db,
    sql<KeyRow>`
    update api_keys set revoked_at = now() where id = ${id} and revoked_at is null returning *`,
  );
  if (!revoked) throw notFound('API key');
  tx.record({
    event: { type: 'key.revoked', entity: 'key', id, version: 2, data: null },
    audit: { action: 'keys.revoke', entity: 'key', id, before: forAudit(revoked, tx.tenant.id), after: null },
  });
}

/** `forget` drops what this process remembers of a key. */
export function createKeyHandlers(
  forget: (tenantId: string, keyId: string) => void,
): HandlersOf<typeof keyOperations> {
  return {
    create: inTenant(createKey),
    list: inTenant(async (tx, { cursor, limit }) => {
      const before = decodeCursor(cursor, ['uuid']);
      const older = before ? sql`id < ${String(before[0])}::uuid` : sql`true`;
      const found = await rows(
        tx.db,
        sql<KeyRow>`
        select * from api_keys where revoked_at is null and ${older} order by id desc limit ${limit + 1}`,
      );
      return toPage(found, limit, { item: (key) => toApiKey(key, tx.tenant.id), key: (key) => [key.id] });
    }),
    revoke: inTenant(async (tx, { id }) => {
      await revokeKey(tx, id);
      tx.afterCommit(() => forget(tx.tenant.id, id));
      return null;
    }),
  };
}
