// A review of the real launch checklist, two thirds through, with three people on it; the same at every drawing.
import { parse } from 'yaml';
import type { ChecklistLevel, ChecklistSummary } from '../../shared/checklist.ts';
import { AppError } from '../../shared/errors.ts';
import { countItems, type Review, type ReviewItem, type ReviewSummary, type Verdict } from '../../shared/review.ts';
import type { Page } from '../live/rows.ts';
import { me, secondsAgo, secondsAhead, uuid } from './fixtures.ts';

interface LaunchFile {
  id: string;
  name: string;
  version: number;
  description: string;
  sections: { name: string; items: Pick<ReviewItem, 'ref' | 'text' | 'level' | 'guidance' | 'evidence'>[] }[];
}
const [launchSource = ''] = Object.values(
  import.meta.glob<string>('../../resources/checklists/launch.yaml', { query: '?raw', import: 'default', eager: true }),
);
const launch = parse(launchSource) as LaunchFile;
const all = launch.sections.flatMap(({ name, items }) => items.map((item) => ({ ...item, section: name })));
const ofLevel = (level: ChecklistLevel): number => all.filter((item) => item.level === level).length;

export const launchChecklist: ChecklistSummary = {
  id: launch.id,
  name: launch.name,
  version: launch.version,
  description: launch.description,
  builtIn: true,
  itemCount: all.length,
  sectionCount: launch.sections.length,
  byLevel: { '1': ofLevel(1), '2': ofLevel(2), '3': ofLevel(3) },
};

const person = (index: number, name: string) => ({ kind: 'user' as const, id: uuid('a', 900 + index, 9_000_000), name });
const myself = { kind: 'user' as const, id: me.user.id, name: me.user.name };
const people = [myself, person(1, 'Maren Kvist'), person(2, 'Joss Dalgaard')];
const notes: Partial<Record<Verdict, string>> = {
  fail: 'Seen on staging: the second node kept the socket open for 41 s after the key was revoked. Mended in the branch, not yet rolled out.',
  not_applicable: 'We have no such path: everything goes through the one gateway.',
};

function verdictAt(index: number, share: number): Verdict | null {
  if ((index * 37) % 100 >= share * 100) return null;
  if (index % 13 === 5) return 'fail';
  if (index % 29 === 7) return 'waived';
  return index % 23 === 11 ? 'not_applicable' : 'pass';
}

function makeItem(reviewId: string, index: number, share: number): ReviewItem {
  const base = all[index] as (typeof all)[number];
  const verdict = verdictAt(index, share);
  const by = people[index % 3] ?? myself;
  const at = secondsAgo(86_400 - index * 311);
  const seen = verdict !== null || index % 4 === 1;
  return {
    ...base,
    id: uuid('7', index, 400_000),
    reviewId,
    version: verdict === null ? 1 : 3,
    verdict,
    note: (verdict && notes[verdict]) ?? '',
    waiver: verdict === 'waived' ? { reason: 'The vendor mends it in the release of March; until then the port is closed.', until: secondsAhead(90 * 86_400) } : null,
    lookedAt: seen ? at : null,
    decidedBy: verdict === null ? null : by,
    decidedAt: verdict === null ? null : at,
    changedBy: verdict === null ? null : by,
    changedAt: verdict === null ? null : at,
    assignee: index % 5 === 2 ? (people[index % 2] ?? null) : null,
  };
}

/** `share`: how much of it is decided, 0 to 1. */
export function makeReview(share: number, over: Partial<ReviewSummary> = {}): Review {
  const id = over.id ?? uuid('8', 1, 400_000);
  const items = all.map((_, index) => makeItem(id, index, share)).filter((item) => over.level == null || item.level <= over.level);
  return {
    id,
    version: 120,
    title: 'Launch review 2026.11',
    checklistId: launch.id,
    checklistName: launch.name,
    checklistVersion: launch.version,
    level: 2,
    state: 'open',
    createdBy: myself,
    createdAt: secondsAgo(400_000),
    submittedBy: null,
    submittedAt: null,
    ...over,
    counts: countItems(items),
    items,
  };
}

export const review = makeReview(0.68, { level: 2 });
export const submittedReview = makeReview(1, { id: uuid('8', 2, 9_000_000), title: 'Launch review 2026.05', level: 1, state: 'submitted', createdAt: secondsAgo(9_000_000), submittedBy: people[1] ?? null, submittedAt: secondsAgo(8_200_000) });
const reviews = [review, submittedReview];

const summaryOf = ({ items: _items, ...summary }: Review): ReviewSummary => summary;
const find = (input: Record<string, unknown>): Review => {
  const found = reviews.find(({ id }) => id === input.id);
  if (!found) throw new AppError('not_found', 'No such review. It may have been deleted, or the id is of another workspace.');
  return found;
};
const findItem = (input: Record<string, unknown>): ReviewItem => {
  const item = find(input).items.find(({ ref }) => ref === input.ref);
  if (!item) throw new AppError('not_found', 'No such item of this review.');
  return item;
};

/** What the backend would answer to a decision; nothing is kept. */
export function decided(item: ReviewItem, input: Record<string, unknown>): ReviewItem {
  const verdict = input.verdict === undefined ? item.verdict : (input.verdict as Verdict | null);
  const at = secondsAgo(0);
  return {
    ...item,
    verdict,
    note: typeof input.note === 'string' ? input.note : item.note,
    waiver: verdict === 'waived' ? ((input.waiver as ReviewItem['waiver']) ?? item.waiver) : null,
    version: item.version + 1,
    lookedAt: item.lookedAt ?? at,
    decidedBy: verdict === null ? null : myself,
    decidedAt: verdict === null ? null : at,
    changedBy: myself,
    changedAt: at,
  };
}

/** For a conflict: somebody else has failed the item, and said why. */
export function takenByOther(item: ReviewItem): ReviewItem {
  return {
    ...decided(item, { verdict: 'fail', note: 'The refusal comes from the application, not from the database.' }),
    decidedBy: people[1] ?? null,
    changedBy: people[1] ?? null,
  };
}

const page = <Row>(items: Row[]): Page<Row> => ({ items, nextCursor: null });
export const reviewHandlers: Record<string, (input: Record<string, unknown>) => unknown> = {
  'checklists.list': () => page([launchChecklist]),
  'reviews.list': (input) => page(reviews.map(summaryOf).filter(({ state }) => !input.state || input.state === state)),
  'reviews.get': find,
  'reviews.create': (input) => makeReview(0, { level: input.level as ChecklistLevel, title: String(input.title), id: uuid('8', 3, 0) }),
  'reviews.decide': (input) => decided(findItem(input), input),
  'reviews.look': (input) => ({ ...findItem(input), lookedAt: secondsAgo(0) }),
  'reviews.assign': (input) => ({
    items: find(input)
      .items.filter(({ ref, section }) => (input.refs as string[] | undefined)?.includes(ref) ?? section === input.section)
      .map((item) => ({ ...item, version: item.version + 1, assignee: input.assignee === 'me' ? myself : null })),
  }),
  'reviews.submit': (input) => ({ ...find(input), state: 'submitted', submittedBy: myself, submittedAt: secondsAgo(0) }),
  'reviews.reopen': (input) => ({ ...find(input), state: 'open', submittedBy: null, submittedAt: null }),
  'reviews.report': () => '# Launch review 2026.11\n\n- State: **open**\n\n## Failed\n\n### ISO-06\n\n> Seen on staging.',
};
