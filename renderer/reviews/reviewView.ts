// What the page of a review shows of its items: filtered, in sections, with what is open next. Pure.
import { assertNever } from '../../shared/errors.ts';
import { verdicts, type ReviewItem, type Verdict } from '../../shared/review.ts';
import type { FilterField } from '../components/filter.ts';

/** A verdict as a person reads it; an item without one is undecided. */
export type ShownVerdict = Verdict | 'undecided';
export const shownVerdicts = ['undecided', ...verdicts] as const satisfies readonly ShownVerdict[];

export const verdictWords: Record<ShownVerdict, string> = {
  undecided: 'Undecided',
  pass: 'Pass',
  fail: 'Fail',
  not_applicable: 'Not applicable',
  waived: 'Waived',
};

export const levelWords = {
  1: 'before anybody’s data comes in',
  2: 'before customers do',
  3: 'for the highest assurance',
} as const;

export const shownVerdict = (item: Pick<ReviewItem, 'verdict'>): ShownVerdict => item.verdict ?? 'undecided';
export const isOpen = (item: Pick<ReviewItem, 'verdict'>): boolean => item.verdict === null;

/** What a route's search says about the rows; unknown values are left out. */
export type ItemSearch = Record<string, string | undefined>;

export const itemFields: readonly FilterField[] = [
  {
    key: 'verdict',
    label: 'Verdict',
    multiple: true,
    values: shownVerdicts.map((value) => ({ value, label: verdictWords[value] })),
  },
  { key: 'level', label: 'Level', multiple: true, values: ['1', '2', '3'].map((value) => ({ value, label: value })) },
  {
    key: 'assigned',
    label: 'Assigned to',
    values: [
      { value: 'me', label: 'me' },
      { value: 'nobody', label: 'nobody' },
    ],
  },
];

export const isNarrowed = (search: ItemSearch): boolean =>
  ['section', 'verdict', 'level', 'assigned', 'q'].some((key) => Boolean(search[key]));

/** Whether the filter bar shows tokens beside its words, and so needs room. */
export const hasTokens = (search: ItemSearch): boolean => itemFields.some(({ key }) => Boolean(search[key]));

/** The search that shows what is mine and open. */
export const mineAndOpen: ItemSearch = { assigned: 'me', verdict: 'undecided' };
export const isMineAndOpen = ({ assigned, verdict }: ItemSearch): boolean =>
  assigned === 'me' && verdict === 'undecided';

/** The rows of a search; `me` is the signed-in person's id. */
export function filterItems(items: readonly ReviewItem[], search: ItemSearch, me: string): ReviewItem[] {
  const wanted = search.verdict?.split(',');
  const levels = search.level?.split(',');
  const words = search.q?.toLowerCase().split(/\s+/).filter((word) => word !== '') ?? [];
  return items.filter((item) => {
    if (search.section && item.section !== search.section) return false;
    if (wanted && !wanted.includes(shownVerdict(item))) return false;
    if (levels && !levels.includes(String(item.level))) return false;
    if (search.assigned === 'me' && item.assignee?.id !== me) return false;
    if (search.assigned === 'nobody' && item.assignee !== null) return false;
    if (words.length === 0) return true;
    const text = `${item.ref} ${item.section} ${item.text} ${item.note} ${item.guidance}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export interface Section {
  name: string;
  total: number;
  decided: number;
  failed: number;
}

/** Sections in the order of the checklist. */
export function sectionsOf(items: readonly ReviewItem[]): Section[] {
  const sections = new Map<string, Section>();
  for (const { section: name, verdict } of items) {
    const section = sections.get(name) ?? { name, total: 0, decided: 0, failed: 0 };
    section.total += 1;
    if (verdict !== null) section.decided += 1;
    if (verdict === 'fail') section.failed += 1;
    sections.set(name, section);
  }
  return [...sections.values()];
}

/** Where it goes on once `last` was closed: there, if it is open still. */
export function goOn(rows: readonly ReviewItem[], last: string | null, step: 1 | -1): string | null {
  return rows.some((row) => row.ref === last && isOpen(row)) ? last : nextOpen(rows, last, step);
}

/**
 * The next open item after `ref` among the rows, or before it; from the end it goes on at the start. `ref` itself is
 * never answered; null: there is no other.
 */
export function nextOpen(rows: readonly ReviewItem[], ref: string | null, step: 1 | -1): string | null {
  const from = rows.findIndex((row) => row.ref === ref);
  const start = from < 0 ? (step === 1 ? -1 : rows.length) : from;
  for (let distance = 1; distance <= rows.length; distance += 1) {
    const row = rows[(((start + step * distance) % rows.length) + rows.length) % rows.length];
    if (row && row.ref !== ref && isOpen(row)) return row.ref;
  }
  return null;
}

/** What keeps a review from being submitted, in words; null: nothing. */
export function submitRefusal(items: readonly ReviewItem[], now: number): string | null {
  const open = items.filter(isOpen).length;
  if (open > 0) return `${open === 1 ? 'One item is' : `${open} items are`} still undecided.`;
  const over = items.filter((item) => item.waiver && Date.parse(item.waiver.until) <= now);
  if (over.length === 0) return null;
  return `The ${over.length === 1 ? 'waiver' : 'waivers'} of ${over.map(({ ref }) => ref).slice(0, 3).join(', ')} ${over.length === 1 ? 'has' : 'have'} ended.`;
}

/** The single key of a verdict. */
export function keyOf(verdict: Verdict): string {
  switch (verdict) {
    case 'pass':
      return 'P';
    case 'fail':
      return 'F';
    case 'not_applicable':
      return 'N';
    case 'waived':
      return 'W';
    default:
      return assertNever(verdict);
  }
}

const dateFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockDayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** `31 Mar 2027`. A waiver's end is the end of a day in UTC, so the day is that of UTC too. */
export function formatDay(time: string): string {
  return dateFormat.format(new Date(`${time.slice(0, 10)}T12:00:00`));
}

/** `10:04`, and with the day where it is not today's. */
export function formatMoment(time: string, now: number): string {
  const at = new Date(time);
  const today = at.toDateString() === new Date(now).toDateString();
  return (today ? clockFormat : clockDayFormat).format(at);
}
