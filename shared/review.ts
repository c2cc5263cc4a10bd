// Reviews: a checklist gone through by people, item by item, with verdicts, notes and waivers.
import { z } from 'zod';
import { actor } from './actor.ts';
import { checklistLevel, itemRef, MAX_CHECKLIST_ITEMS } from './checklist.ts';
import { operation } from './operation.ts';
import { byId, id, line, page, pageInput, text, time } from './schema.ts';

export const reviewStates = ['open', 'submitted'] as const;
export const reviewState = z.enum(reviewStates);
export type ReviewState = z.infer<typeof reviewState>;

/** `submitted`: nothing of it changes any more, unless it is opened again. */
export const reviewTransitions = {
  open: ['submitted'],
  submitted: ['open'],
} as const satisfies Record<ReviewState, readonly ReviewState[]>;

/** Whether a review may go from one state to the other. */
export function canReviewTransition(from: ReviewState, to: ReviewState): boolean {
  return (reviewTransitions[from] as readonly ReviewState[]).includes(to);
}

export const verdicts = ['pass', 'fail', 'not_applicable', 'waived'] as const;
/** Undecided is null. */
export const verdict = z.enum(verdicts);
export type Verdict = z.infer<typeof verdict>;

/** A failing item that is accepted for a while. `until` is the last moment at which it holds. */
export const waiver = z.object({ reason: text(2_000), until: time });
export type Waiver = z.infer<typeof waiver>;

/** As it is given: a date counts to its end, in UTC. */
export const waiverInput = z.object({
  reason: text(2_000).refine((given) => given.trim() !== '', 'Say why it is accepted.'),
  until: z.union(
    [z.iso.date().transform((date) => `${date}T23:59:59.999Z`), time],
    'Write a date such as 2027-03-31.',
  ),
});

/** What changes of an item; the words of the checklist stay. */
export const reviewItemState = z.object({
  id,
  reviewId: id,
  ref: z.string(),
  version: z.number().int(),
  verdict: verdict.nullable(),
  note: z.string(),
  waiver: waiver.nullable(),
  lookedAt: time.nullable(),
  decidedBy: actor.nullable(),
  decidedAt: time.nullable(),
  /** Who last changed the verdict, the waiver or the note. */
  changedBy: actor.nullable(),
  changedAt: time.nullable(),
  assignee: actor.nullable(),
});
export type ReviewItemState = z.infer<typeof reviewItemState>;

export const reviewItem = reviewItemState.extend({
  section: z.string(),
  text: z.string(),
  level: checklistLevel,
  guidance: z.string(),
  evidence: z.string(),
});
export type ReviewItem = z.infer<typeof reviewItem>;

/** Kept with each change, so that nothing counts rows. */
export const reviewCounts = z.object({
  total: z.number().int(),
  lookedAt: z.number().int(),
  decided: z.number().int(),
  passed: z.number().int(),
  failed: z.number().int(),
  notApplicable: z.number().int(),
  waived: z.number().int(),
});
export type ReviewCounts = z.infer<typeof reviewCounts>;

export const reviewSummary = z.object({
  id,
  version: z.number().int(),
  title: z.string(),
  checklistId: id,
  checklistName: z.string(),
  /** Of the checklist when the review was made: its items are kept as they were. */
  checklistVersion: z.number().int(),
  /** Items up to this level; null: all. */
  level: checklistLevel.nullable(),
  state: reviewState,
  counts: reviewCounts,
  createdBy: actor,
  createdAt: time,
  submittedBy: actor.nullable(),
  submittedAt: time.nullable(),
});
export type ReviewSummary = z.infer<typeof reviewSummary>;

/** Items in the order of the checklist. */
export const review = reviewSummary.extend({ items: z.array(reviewItem) });
export type Review = z.infer<typeof review>;

/** What the verdicts of items add up to. */
export function countItems(items: readonly Pick<ReviewItemState, 'verdict' | 'lookedAt'>[]): ReviewCounts {
  const of = (one: Verdict): number => items.filter((item) => item.verdict === one).length;
  return {
    total: items.length,
    lookedAt: items.filter((item) => item.lookedAt !== null).length,
    decided: items.filter((item) => item.verdict !== null).length,
    passed: of('pass'),
    failed: of('fail'),
    notApplicable: of('not_applicable'),
    waived: of('waived'),
  };
}

const item = z.object({ id, ref: itemRef });
const version = z.number().int().min(0).describe('The version of the item that was decided on');

export const decision = z
  .object({
    ...item.shape,
    /** Null takes the verdict back; absent leaves it. */
    verdict: verdict.nullable().optional(),
    /** Absent leaves it. */
    note: text(10_000).optional(),
    waiver: waiverInput.nullable().optional(),
    version,
  })
  .refine((given) => given.verdict !== 'waived' || Boolean(given.waiver), {
    error: 'A waived item needs a waiver with a reason and an end date.',
    path: ['waiver'],
  })
  .refine((given) => !given.waiver || given.verdict === 'waived', {
    error: 'A waiver goes with the verdict waived alone.',
    path: ['waiver'],
  });

export const assignment = z
  .object({
    id,
    refs: z.array(itemRef).min(1).max(MAX_CHECKLIST_ITEMS).optional(),
    section: line(120).optional(),
    /** `me`: whoever asks; null: nobody. */
    assignee: z.literal('me').nullable(),
  })
  .refine((given) => (given.refs === undefined) !== (given.section === undefined), {
    error: 'Name either the items (refs) or one section.',
    path: ['refs'],
  });

const read = { kind: 'query', permission: 'reviews:read', scope: 'reviews:read' } as const;
const write = { kind: 'mutation', permission: 'reviews:write', scope: 'reviews:write' } as const;

export const reviewOperations = {
  list: operation({
    ...read,
    summary: 'Reviews with their progress, newest first.',
    input: pageInput.extend({ state: reviewState.optional() }),
    output: page(reviewSummary),
    rest: { method: 'GET', path: '/api/reviews', status: 200 },
  }),
  create: operation({
    ...write,
    summary: 'Begin a review of a checklist, of all its items or of those up to a level.',
    input: z.object({ checklistId: id, level: checklistLevel.optional(), title: line(200) }),
    output: review,
    rest: { method: 'POST', path: '/api/reviews', status: 201 },
  }),
  get: operation({
    ...read,
    summary: 'One review with all of its items.',
    input: byId,
    output: review,
    rest: { method: 'GET', path: '/api/reviews/:id', status: 200 },
  }),
  decide: operation({
    ...write,
    summary: 'Give an item its verdict or note. A stale version is refused with the item as it is now.',
    input: decision,
    output: reviewItem,
    rest: { method: 'PATCH', path: '/api/reviews/:id/items/:ref', status: 200 },
  }),
  look: operation({
    ...write,
    summary: 'Note that an item was looked at.',
    input: item,
    output: reviewItem,
    rest: { method: 'POST', path: '/api/reviews/:id/items/:ref/look', status: 200 },
  }),
  assign: operation({
    ...write,
    summary: 'Give items, or a section, to oneself or to nobody.',
    input: assignment,
    output: z.object({ items: z.array(reviewItemState) }),
    rest: { method: 'POST', path: '/api/reviews/:id/assign', status: 200 },
  }),
  submit: operation({
    ...write,
    summary: 'Submit a review in which every item is decided.',
    input: byId,
    output: review,
    rest: { method: 'POST', path: '/api/reviews/:id/submit', status: 200 },
  }),
  reopen: operation({
    ...write,
    summary: 'Open a submitted review again.',
    input: byId,
    output: review,
    rest: { method: 'POST', path: '/api/reviews/:id/reopen', status: 200 },
  }),
  report: operation({
    ...read,
    summary: 'The report of a review in Markdown.',
    input: byId,
    output: z.string(),
    rest: { method: 'GET', path: '/api/reviews/:id/report', status: 200, mediaType: 'text/markdown' },
  }),
};
