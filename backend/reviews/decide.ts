// Verdicts, notes, looks and assignments: guarded changes of items, with the review's counters beside them.
import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type {
  assignment,
  decision,
  ReviewItem,
  ReviewItemState,
  Verdict,
  Waiver,
} from '../../shared/review.ts';
import { jsonb, row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { findItem, lockReview, toItem, toItemState, toSummary, type ItemRow, type ReviewRow } from './rows.ts';

export type Decision = z.output<typeof decision>;
export type Assignment = z.output<typeof assignment>;

/** Holds the review and refuses one that is closed. */
async function lockOpen(tx: TenantTransaction, id: string): Promise<ReviewRow> {
  const review = await lockReview(tx, id);
  if (review.state === 'open') return review;
  throw new AppError(
    'transition_not_allowed',
    'This review is submitted, so its items stay as they are. Open it again to change them.',
    { details: { state: review.state } },
  );
}

function conflict(current: ItemRow): AppError {
  return new AppError(
    'version_conflict',
    `${current.ref} was changed meanwhile. Look at how it is now, then keep that or decide again with its version.`,
    { details: { current: toItem(current) } },
  );
}

interface Decided {
  verdict: Verdict | null;
  waiver: Waiver | null;
  note: string;
}

/** What the item is to be; a field that was not sent stays. */
function decided(before: ItemRow, given: Decision): Decided {
  const verdict = given.verdict === undefined ? before.verdict : given.verdict;
  const waiver = given.verdict === undefined ? before.waiver : (given.waiver ?? null);
  return { verdict, waiver, note: given.note ?? before.note };
}

function checkWaiver(tx: TenantTransaction, given: Decision): void {
  if (!given.waiver || new Date(given.waiver.until) > tx.now) return;
  const message = 'The end of a waiver lies in the future.';
  throw new AppError('validation_failed', `waiver.until: ${message}`, {
    details: { fields: [{ path: 'waiver.until', message }] },
  });
}

const counters: Record<Verdict, Statement> = {
  pass: sql`passed`,
  fail: sql`failed`,
  not_applicable: sql`not_applicable`,
  waived: sql`waived`,
};

/** One more and one less of the review's counters, and its event. */
async function count(
  tx: TenantTransaction,
  reviewId: string,
  change: { from: Verdict | null; to: Verdict | null; looked: boolean },
): Promise<void> {
  const moves: Statement[] = [sql`version = version + 1`];
  if (change.looked) moves.push(sql`looked_at = looked_at + 1`);
  if (change.from !== change.to) {
    if (change.from) moves.push(sql`${counters[change.from]} = ${counters[change.from]} - 1`);
    if (change.to) moves.push(sql`${counters[change.to]} = ${counters[change.to]} + 1`);
  }
  const found = await row(
    tx.db,
    sql<ReviewRow>`update reviews set ${sql.join(moves)} where id = ${reviewId} returning *`,
  );
  const data = toSummary(found!);
  tx.record({ event: { type: 'review.progressed', entity: 'review', id: data.id, version: data.version, data } });
}

const shown = ({ ref, verdict, note, waiver }: ItemRow) => ({ ref, verdict, note, waiver });
const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

export async function decide(tx: TenantTransaction, given: Decision): Promise<ReviewItem> {
  await lockOpen(tx, given.id);
  const before = await findItem(tx, given.id, given.ref);
  // Looks and assignments raise the version too, but leave a decision on the version before as good as it was.
  if (given.version < before.decision_version || given.version > before.version) throw conflict(before);
  checkWaiver(tx, given);
  const next = decided(before, given);
  const { verdict, waiver, note } = before;
  if (same(next, { verdict, waiver, note })) return toItem(before);
  const judged = next.verdict !== verdict || !same([next.waiver], [waiver]);
  const by = jsonb(tx.actor);
  const after = (await row(
    tx.db,
    sql<ItemRow>`update review_items set version = version + 1, decision_version = version + 1,
      verdict = ${next.verdict}, waiver = ${next.waiver === null ? null : jsonb(next.waiver)}, note = ${next.note},
      looked_at = coalesce(looked_at, now()), changed_by = ${by}, changed_at = now(),
      decided_by = ${next.verdict === null ? null : judged ? by : sql`decided_by`},
      decided_at = ${next.verdict === null ? null : judged ? sql`now()` : sql`decided_at`}
    where id = ${before.id} returning *`,
  ))!;
  tell(tx, after, judged ? 'decided' : 'noted');
  tx.record({
    audit: { action: 'reviews.decide', entity: 'review_item', id: after.id, before: shown(before), after: shown(after) },
  });
  const looked = before.looked_at === null;
  if (looked || next.verdict !== verdict) await count(tx, given.id, { from: verdict, to: next.verdict, looked });
  return toItem(after);
}

function tell(tx: TenantTransaction, item: ItemRow, fact: string): void {
  tx.record({
    event: {
      type: `review_item.${fact}`,
      entity: 'review_item',
      id: item.id,
      version: item.version,
      data: toItemState(item),
    },
  });
}

/** Only the first look counts; later ones change nothing. */
export async function look(tx: TenantTransaction, { id, ref }: { id: string; ref: string }): Promise<ReviewItem> {
  await lockOpen(tx, id);
  const before = await findItem(tx, id, ref);
  if (before.looked_at !== null) return toItem(before);
  const after = (await row(
    tx.db,
    sql<ItemRow>`update review_items set version = version + 1, looked_at = now() where id = ${before.id} returning *`,
  ))!;
  tell(tx, after, 'looked_at');
  tx.record({ audit: { action: 'reviews.look', entity: 'review_item', id: after.id, after: { ref } } });
  await count(tx, id, { from: null, to: null, looked: true });
  return toItem(after);
}

export async function assign(tx: TenantTransaction, given: Assignment): Promise<{ items: ReviewItemState[] }> {
  await lockOpen(tx, given.id);
  const wanted =
    given.refs === undefined ? sql`section = ${given.section!}` : sql`ref = any(${given.refs}::text[])`;
  const before = await rows(
    tx.db,
    sql<ItemRow>`select * from review_items where review_id = ${given.id} and ${wanted} order by position`,
  );
  const missing = given.refs?.filter((ref) => !before.some((item) => item.ref === ref)) ?? [];
  if (missing.length > 0 || before.length === 0) {
    const path = given.refs === undefined ? 'section' : 'refs';
    const message = `This review has no ${missing[0] ?? `section ${given.section!}`}.`;
    throw new AppError('validation_failed', `${path}: ${message}`, { details: { fields: [{ path, message }] } });
  }
  const assignee = given.assignee === null ? null : tx.actor;
  const changing = before.filter((item) => item.assignee?.id !== assignee?.id);
  if (changing.length === 0) return { items: before.map(toItemState) };
  const changed = await rows(
    tx.db,
    sql<ItemRow>`update review_items set version = version + 1, assignee = ${assignee && jsonb(assignee)}
      where id = any(${changing.map((item) => item.id)}::uuid[]) returning *`,
  );
  const after = new Map(changed.map((item) => [item.id, item]));
  for (const { id } of changing) tell(tx, after.get(id)!, 'assigned');
  const refs = changing.map((item) => item.ref);
  tx.record({
    audit: {
      action: 'reviews.assign',
      entity: 'review',
      id: given.id,
      before: { assignees: changing.map((item) => item.assignee?.name ?? null), refs },
      after: { assignee: assignee?.name ?? null, refs },
    },
  });
  return { items: before.map((item) => toItemState(after.get(item.id) ?? item)) };
}
