// Reviews: their handlers, and what other nouns may use of them.
import type { reviewOperations } from '../../shared/review.ts';
import type { ChecklistLibrary } from '../checklists/index.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { sql } from '../platform/database.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import { createReview, reopenReview, submitReview } from './commands.ts';
import { assign, decide, look } from './decide.ts';
import { writeReport } from './report.ts';
import { findReviews, readReview, toSummary } from './rows.ts';

export { countOpenItems } from './rows.ts';

export function createReviewHandlers(library: ChecklistLibrary): HandlersOf<typeof reviewOperations> {
  return {
    list: inTenant(async (tx, { limit, cursor, state }) => {
      const after = decodeCursor(cursor, ['uuid']);
      const before = after ? String(after[0]) : null;
      const found = await findReviews(
        tx,
        sql`(${state ?? null}::text is null or state = ${state ?? null}::text)
          and (${before}::uuid is null or id < ${before}::uuid) order by id desc limit ${limit + 1}`,
      );
      return toPage(found, limit, { item: toSummary, key: (review) => [review.id] });
    }),
    create: inTenant((tx, given) => createReview(tx, library, given)),
    get: inTenant((tx, { id }) => readReview(tx, id)),
    decide: inTenant((tx, given) => decide(tx, given)),
    look: inTenant((tx, given) => look(tx, given)),
    assign: inTenant((tx, given) => assign(tx, given)),
    submit: inTenant((tx, { id }) => submitReview(tx, id)),
    reopen: inTenant((tx, { id }) => reopenReview(tx, id)),
    report: inTenant(async (tx, { id }) => writeReport(await readReview(tx, id))),
  };
}
