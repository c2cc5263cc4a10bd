// Reviews' rows: how they are read and locked, and the shapes that lists, answers and events show.
import type { Actor } from '../../shared/actor.ts';
import type { ChecklistLevel } from '../../shared/checklist.ts';
import { notFound } from '../../shared/errors.ts';
import type {
  Review,
  ReviewItem,
  ReviewItemState,
  ReviewState,
  ReviewSummary,
  Verdict,
  Waiver,
} from '../../shared/review.ts';
import { row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

export interface ReviewRow {
  id: string;
  version: number;
  title: string;
  checklist_id: string;
  checklist_name: string;
  checklist_version: number;
  level: ChecklistLevel | null;
  state: ReviewState;
  total: number;
  looked_at: number;
  passed: number;
  failed: number;
  not_applicable: number;
  waived: number;
  created_by: Actor;
  created_at: Date;
  submitted_by: Actor | null;
  submitted_at: Date | null;
}

export interface ItemRow {
  id: string;
  review_id: string;
  ref: string;
  section: string;
  text: string;
  level: ChecklistLevel;
  guidance: string;
  evidence: string;
  version: number;
  decision_version: number;
  verdict: Verdict | null;
  note: string;
  waiver: Waiver | null;
  looked_at: Date | null;
  decided_by: Actor | null;
  decided_at: Date | null;
  changed_by: Actor | null;
  changed_at: Date | null;
  assignee: Actor | null;
}

export function toSummary(found: ReviewRow): ReviewSummary {
  const { total, passed, failed, waived, not_applicable: notApplicable } = found;
  const decided = passed + failed + notApplicable + waived;
  return {
    id: found.id,
    version: found.version,
    title: found.title,
    checklistId: found.checklist_id,
    checklistName: found.checklist_name,
    checklistVersion: found.checklist_version,
    level: found.level,
    state: found.state,
    counts: { total, lookedAt: found.looked_at, decided, passed, failed, notApplicable, waived },
    createdBy: found.created_by,
    createdAt: found.created_at.toISOString(),
    submittedBy: found.submitted_by,
    submittedAt: found.submitted_at?.toISOString() ?? null,
  };
}

/** What an event carries: everything of an item that can change. */
export function toItemState(found: ItemRow): ReviewItemState {
  return {
    id: found.id,
    reviewId: found.review_id,
    ref: found.ref,
    version: found.version,
    verdict: found.verdict,
    note: found.note,
    waiver: found.waiver,
    lookedAt: found.looked_at?.toISOString() ?? null,
    decidedBy: found.decided_by,
    decidedAt: found.decided_at?.toISOString() ?? null,
    changedBy: found.changed_by,
    changedAt: found.changed_at?.toISOString() ?? null,
    assignee: found.assignee,
  };
}

export function toItem(found: ItemRow): ReviewItem {
  const { section, text, level, guidance, evidence } = found;
  return { ...toItemState(found), section, text, level, guidance, evidence };
}

/** Reviews by a condition, with the order and limit in it. */
export function findReviews(tx: TenantTransaction, where: Statement): Promise<ReviewRow[]> {
  return rows(tx.db, sql<ReviewRow>`select * from reviews where ${where}`);
}

/** All items of a review, in the checklist's order. */
export function findItems(tx: TenantTransaction, reviewId: string): Promise<ItemRow[]> {
  return rows(tx.db, sql<ItemRow>`select * from review_items where review_id = ${reviewId} order by position`);
}

export async function findItem(tx: TenantTransaction, reviewId: string, ref: string): Promise<ItemRow> {
  const found = await row(
    tx.db,
    sql<ItemRow>`select * from review_items where review_id = ${reviewId} and ref = ${ref}`,
  );
  if (!found) throw notFound('item of this review');
  return found;
}

/**
 * The review's row, held until the transaction ends. It is taken before any of its items, so its counters and they
 * change together and no two transactions wait for each other.
 */
export async function lockReview(tx: TenantTransaction, id: string): Promise<ReviewRow> {
  const found = await row(
    tx.db,
    sql<ReviewRow>`select * from reviews where id = ${id} for no key update`,
  );
  if (!found) throw notFound('review');
  return found;
}

export async function readReview(tx: TenantTransaction, id: string): Promise<Review> {
  const [found] = await findReviews(tx, sql`id = ${id}`);
  if (!found) throw notFound('review');
  return { ...toSummary(found), items: (await findItems(tx, id)).map(toItem) };
}

/** Open items over all open reviews, from the counters that each keeps. */
export async function countOpenItems(tx: TenantTransaction): Promise<number> {
  const found = await row(
    tx.db,
    sql<{ open: number }>`
    select coalesce(sum(total - passed - failed - not_applicable - waived), 0)::int as open
    from reviews where state = 'open'`,
  );
  return found!.open;
}
