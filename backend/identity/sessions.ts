// Sessions and their refresh tokens: one session is one family of tokens, of which the database keeps hashes.
import type { Role } from '../../shared/permissions.ts';
import { row, sql, type Queryable, type Transaction } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { hashSecret, newRefreshToken, REFRESH_DAYS, type Tokens } from './tokens.ts';

/** Seconds within which an answer that was lost is given again. */
const LOST_ANSWER_SECONDS = 10;

export interface SessionOwner {
  userId: string;
  tenantId: string;
  origin: string;
}

export interface NewSession {
  sessionId: string;
  refreshToken: string;
}

/** Opens a session with its first refresh token. */
export async function insertSession(db: Queryable, owner: SessionOwner): Promise<NewSession> {
  const sessionId = newId();
  const refreshToken = newRefreshToken();
  await sql`insert into platform.sessions (id, user_id, tenant_id, origin)
    values (${sessionId}, ${owner.userId}, ${owner.tenantId}, ${owner.origin})`.execute(db);
  await insertRefreshToken(db, sessionId, refreshToken);
  return { sessionId, refreshToken };
}

async function insertRefreshToken(db: Queryable, sessionId: string, token: string): Promise<void> {
  await sql`insert into platform.refresh_tokens (hash, session_id, expires_at)
    values (${hashSecret(token)}, ${sessionId}, now() + make_interval(days => ${REFRESH_DAYS}::int))`.execute(
    db,
  );
}

export async function revokeSession(db: Queryable, sessionId: string, reason: string): Promise<void> {
  await sql`update platform.sessions set revoked_at = now(), revoked_reason = ${reason}
    where id = ${sessionId} and revoked_at is null`.execute(db);
}

/** What each request needs to know of its session; the role is the present one, null without a membership. */
export interface SessionState {
  user_id: string;
  tenant_id: string;
  name: string;
  role: Role | null;
  revoked: boolean;
}

export function findSessionState(db: Queryable, sessionId: string): Promise<SessionState | undefined> {
  return row(
    db,
    sql<SessionState>`
    select s.user_id, s.tenant_id, u.name, m.role, s.revoked_at is not null as revoked
    from platform.sessions s join platform.users u on u.id = s.user_id
    left join platform.memberships m on m.user_id = s.user_id and m.tenant_id = s.tenant_id
    where s.id = ${sessionId}`,
  );
}

interface RefreshRow {
  session_id: string;
  user_id: string;
  tenant_id: string;
  role: Role | null;
  revoked: boolean;
  expired: boolean;
  used: boolean;
  just_used: boolean;
}

/** Locks the session, so that of two uses of one family the second sees what the first did. */
async function lockRefreshToken(db: Queryable, hash: string): Promise<RefreshRow | undefined> {
  await sql`select 1 from platform.sessions where id =
    (select session_id from platform.refresh_tokens where hash = ${hash}) for update`.execute(db);
  return row(
    db,
    sql<RefreshRow>`
    select t.session_id, s.user_id, s.tenant_id, m.role, s.revoked_at is not null as revoked,
      t.expires_at <= now() as expired, t.used_at is not null as used,
      coalesce(t.used_at > clock_timestamp() - make_interval(secs => ${LOST_ANSWER_SECONDS}::int), false) as just_used
    from platform.refresh_tokens t join platform.sessions s on s.id = t.session_id
    left join platform.memberships m on m.user_id = s.user_id and m.tenant_id = s.tenant_id
    where t.hash = ${hash}`,
  );
}

async function isUnused(db: Queryable, token: string): Promise<boolean> {
  const found = await row(
    db,
    sql`select 1 from platform.refresh_tokens where hash = ${hashSecret(token)} and used_at is null`,
  );
  return found !== undefined;
}

export interface Rotated extends NewSession {
  userId: string;
  tenantId: string;
  role: Role;
}
/** `reused`: the family was revoked in this transaction, which must commit. */
export type Rotation = Rotated | 'refused' | { reused: RefreshRow };

/**
 * Exchanges a refresh token for its successor. The same token again within 10 s, its successor unused, gets the
 * same successor; any other reuse revokes the family.
 */
export async function rotateRefreshToken(
  db: Transaction<unknown>,
  token: string,
  tokens: Tokens,
): Promise<Rotation> {
  const hash = hashSecret(token);
  const found = await lockRefreshToken(db, hash);
  if (!found || found.revoked || found.expired || found.role === null) return 'refused';
  const refreshToken = tokens.successorOf(token);
  const rotated = {
    sessionId: found.session_id,
    refreshToken,
    userId: found.user_id,
    tenantId: found.tenant_id,
    role: found.role,
  };
  if (!found.used) {
    await sql`update platform.refresh_tokens set used_at = clock_timestamp() where hash = ${hash}`.execute(
      db,
    );
    await insertRefreshToken(db, found.session_id, refreshToken);
    await sql`delete from platform.refresh_tokens where session_id = ${found.session_id} and expires_at <= now()`.execute(
      db,
    );
    return rotated;
  }
  if (found.just_used && (await isUnused(db, refreshToken))) return rotated;
  await revokeSession(db, found.session_id, 'refresh_token_reused');
  return { reused: found };
}
