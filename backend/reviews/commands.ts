// What is done with a review as a whole: begun, submitted, opened again.
import type { z } from 'zod';
import { AppError, notFound } from '../../shared/errors.ts';
import { canReviewTransition, type Review, type reviewOperations, type ReviewState } from '../../shared/review.ts';
import type { ChecklistLibrary } from '../checklists/index.ts';
import { jsonb, row, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { findItems, lockReview, readReview, toItem, toSummary, type ItemRow, type ReviewRow } from './rows.ts';

export type NewReview = z.output<(typeof reviewOperations)['create']['input']>;

/** Items named in a refusal; the rest are counted. */
const NAMED = 5;

export async function createReview(
  tx: TenantTransaction,
  library: ChecklistLibrary,
  given: NewReview,
): Promise<Review> {
  const checklist = await library.find(given.checklistId);
  if (!checklist) throw notFound('checklist');
  const level = given.level ?? null;
  const items = checklist.items.filter((item) => level === null || item.level <= level);
  if (items.length === 0) {
    const message = `${checklist.name} has no items up to level ${level}.`;
    throw new AppError('validation_failed', `level: ${message}`, { details: { fields: [{ path: 'level', message }] } });
  }
  const id = newId();
  const made = (await row(
    tx.db,
    sql<ReviewRow>`insert into reviews
      (id, title, checklist_id, checklist_name, checklist_version, level, total, created_by)
      values (${id}, ${given.title}, ${checklist.id}, ${checklist.name}, ${checklist.version}, ${level},
        ${items.length}, ${jsonb(tx.actor)}) returning *`,
  ))!;
  const snapshot = items.map((item, position) => ({ ...item, id: newId(), position }));
  await sql`insert into review_items (id, review_id, ref, position, section, text, level, guidance, evidence)
    select i.id, ${id}::uuid, i.ref, i.position, i.section, i.text, i.level, i.guidance, i.evidence
    from jsonb_to_recordset(${JSON.stringify(snapshot)}::jsonb) as i(
      id uuid, ref text, position int, section text, text text, level smallint, guidance text, evidence text)`.execute(
    tx.db,
  );
  const data = toSummary(made);
  tx.record({
    event: { type: 'review.created', entity: 'review', id, version: data.version, data },
    audit: {
      action: 'reviews.create',
      entity: 'review',
      id,
      after: { title: data.title, checklist: data.checklistName, version: data.checklistVersion, level, items: data.counts.total },
    },
  });
  return { ...data, items: (await findItems(tx, id)).map(toItem) };
}

function names(items: ItemRow[]): string {
  const rest = items.length - NAMED;
  const shown = items.slice(0, NAMED).map((item) => item.ref);
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

/** What keeps a review from being submitted: items without a verdict, and waivers that are over. */
async function checkComplete(tx: TenantTransaction, id: string): Promise<void> {
  const items = await findItems(tx, id);
  const undecided = items.filter((item) => item.verdict === null);
  const over = items.filter((item) => item.waiver && new Date(item.waiver.until) <= tx.now);
  if (undecided.length === 0 && over.length === 0) return;
  const reasons = [
    ...(undecided.length > 0 ? [`Still undecided: ${names(undecided)}.`] : []),
    ...(over.length > 0 ? [`Their waivers have ended: ${names(over)}.`] : []),
  ];
  throw new AppError('transition_not_allowed', `The review cannot be submitted yet. ${reasons.join(' ')}`, {
    details: { state: 'open', undecided: undecided.length, waiversEnded: over.length },
  });
}

const already: Record<ReviewState, string> = {
  submitted: 'This review is submitted already.',
  open: 'This review is open already.',
};

async function moveReview(tx: TenantTransaction, id: string, to: ReviewState): Promise<Review> {
  const before = await lockReview(tx, id);
  if (!canReviewTransition(before.state, to)) {
    throw new AppError('transition_not_allowed', already[to], { details: { state: before.state } });
  }
  if (to === 'submitted') await checkComplete(tx, id);
  const over = to === 'submitted';
  const after = (await row(
    tx.db,
    sql<ReviewRow>`update reviews set version = version + 1, state = ${to},
      submitted_by = ${over ? jsonb(tx.actor) : null}, submitted_at = ${over ? sql`now()` : null}
      where id = ${id} returning *`,
  ))!;
  const data = toSummary(after);
  tx.record({
    event: { type: `review.${over ? 'submitted' : 'reopened'}`, entity: 'review', id, version: data.version, data },
    audit: {
      action: over ? 'reviews.submit' : 'reviews.reopen',
      entity: 'review',
      id,
      before: { state: before.state },
      after: { state: to, counts: data.counts },
    },
  });
  return readReview(tx, id);
}

export const submitReview = (tx: TenantTransaction, id: string): Promise<Review> => moveReview(tx, id, 'submitted');
export const reopenReview = (tx: TenantTransaction, id: string): Promise<Review> => moveReview(tx, id, 'open');
