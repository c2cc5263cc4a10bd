// People and their memberships: the statements over the platform's tables.
import type { Role } from '../../shared/permissions.ts';
import { row, rows, sql, type Queryable } from '../platform/database.ts';

export interface Person {
  id: string;
  email: string;
  name: string;
  password_hash: string;
}

export interface Membership {
  tenant_id: string;
  role: Role;
}

export function findPersonByEmail(db: Queryable, email: string): Promise<Person | undefined> {
  return row(
    db,
    sql<Person>`
    select id, email, name, password_hash from platform.users where lower(email) = lower(${email})`,
  );
}

export function findPerson(db: Queryable, id: string): Promise<Person | undefined> {
  return row(db, sql<Person>`select id, email, name, password_hash from platform.users where id = ${id}`);
}

export async function insertPerson(db: Queryable, person: Person): Promise<void> {
  await sql`insert into platform.users (id, email, name, password_hash)
    values (${person.id}, ${person.email}, ${person.name}, ${person.password_hash})`.execute(db);
}

export async function insertMembership(db: Queryable, userId: string, membership: Membership): Promise<void> {
  await sql`insert into platform.memberships (tenant_id, user_id, role)
    values (${membership.tenant_id}, ${userId}, ${membership.role})`.execute(db);
}

export function findMembership(
  db: Queryable,
  userId: string,
  tenantId: string,
): Promise<Membership | undefined> {
  return row(
    db,
    sql<Membership>`
    select tenant_id, role from platform.memberships where user_id = ${userId} and tenant_id = ${tenantId}`,
  );
}

/** A person's organisations: the one signed in to last comes first, then the oldest. At most 200. */
export function findMemberships(db: Queryable, userId: string): Promise<Membership[]> {
  return rows(
    db,
    sql<Membership>`
    select m.tenant_id, m.role from platform.memberships m
    left join lateral (
      select max(s.created_at) as at from platform.sessions s
      where s.user_id = m.user_id and s.tenant_id = m.tenant_id) last on true
    where m.user_id = ${userId} order by last.at desc nulls last, m.created_at, m.tenant_id limit 200`,
  );
}
