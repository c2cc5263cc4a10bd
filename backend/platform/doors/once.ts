// A change that is asked for twice under one Idempotency-Key is made once: the second is given the first's answer.
import { createHash } from 'node:crypto';
import { AppError } from '../../../shared/errors.ts';
import { canonicalJson } from '../audit-chain.ts';
import { row, sql } from '../database.ts';
import type { TenantTransaction } from '../tenant-transaction.ts';

export interface AskedOnce {
  operation: string;
  key: string;
  input: unknown;
  /** The answer holds a secret that is shown once, so it is not kept. */
  secretAnswer: boolean;
}

/** Runs `work` in its transaction, or answers what it answered before. Throws when the key was another request's. */
export async function once(tx: TenantTransaction, asked: AskedOnce, work: () => Promise<unknown>): Promise<unknown> {
  const { operation, key } = asked;
  const hash = createHash('sha256').update(canonicalJson(asked.input)).digest('hex');
  // Two requests with one key at once: the second waits here for the first.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.tenant.id}:${operation}:${key}`}, 0))`.execute(tx.db);
  const before = await row(tx.db, sql<{ request_hash: string; answer: string | null }>`
    select request_hash, answer::text as answer from idempotency_keys where operation = ${operation} and key = ${key}`);
  if (before) return answeredBefore(before, hash);
  const answer = await work();
  const kept = asked.secretAnswer ? null : JSON.stringify(answer ?? null);
  await sql`insert into idempotency_keys (operation, key, request_hash, answer)
    values (${operation}, ${key}, ${hash}, ${kept}::jsonb)`.execute(tx.db);
  return answer;
}

function answeredBefore(before: { request_hash: string; answer: string | null }, hash: string): unknown {
  if (before.request_hash !== hash) {
    throw new AppError('idempotency_mismatch', 'This Idempotency-Key was used with another request. Use a new key.');
  }
  if (before.answer === null) {
    throw new AppError('conflict', 'This was done already, and what it answered is shown once only. Revoke it and make another.');
  }
  return JSON.parse(before.answer) as unknown;
}
