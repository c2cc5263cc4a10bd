// What the page shows of its items: filters, sections, the next open one, and what keeps it from being submitted.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReviewItem } from '../../shared/review.ts';
import { NOW, me, secondsAgo } from '../stories/fixtures.ts';
import { makeReview, review } from '../stories/reviewFixtures.ts';
import { filterItems, formatDay, formatMoment, isOpen, nextOpen, sectionsOf, shownVerdict, submitRefusal } from './reviewView.ts';

const { items } = review;
const refs = (rows: readonly ReviewItem[]): string[] => rows.map((row) => row.ref);

describe('the filter', () => {
  test('keeps what every part of the search asks for', () => {
    expect(filterItems(items, {}, me.user.id)).toEqual(items);
    const failed = filterItems(items, { verdict: 'fail,waived', level: '1' }, me.user.id);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every((item) => ['fail', 'waived'].includes(shownVerdict(item)) && item.level === 1)).toBe(true);
    const mine = filterItems(items, { assigned: 'me', verdict: 'undecided' }, me.user.id);
    expect(mine.length).toBeGreaterThan(0);
    expect(mine.every((item) => item.assignee?.id === me.user.id && isOpen(item))).toBe(true);
    expect(filterItems(items, { assigned: 'nobody' }, me.user.id).every((item) => item.assignee === null)).toBe(true);
    const section = items[20]!.section;
    expect(filterItems(items, { section }, me.user.id)).toEqual(items.filter((item) => item.section === section));
  });

  test('finds all words, wherever they stand, and the ref', () => {
    expect(refs(filterItems(items, { q: 'iso-03' }, me.user.id))).toEqual(['ISO-03']);
    const both = filterItems(items, { q: 'Prompt DOCUMENTS' }, me.user.id);
    expect(both.length).toBeGreaterThan(0);
    expect(filterItems(items, { q: 'zeppelin' }, me.user.id)).toEqual([]);
  });
});

test('sections keep the order of the checklist and add up to the review', () => {
  const sections = sectionsOf(items);
  expect(sections.map((section) => section.name)).toEqual([...new Set(items.map((item) => item.section))]);
  const sum = (key: 'total' | 'decided' | 'failed'): number => sections.reduce((total, one) => total + one[key], 0);
  expect([sum('total'), sum('decided'), sum('failed')]).toEqual([review.counts.total, review.counts.decided, review.counts.failed]);
});

describe('the next open item', () => {
  test('leads through every open item once, forwards and backwards, from anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), fc.nat(12), fc.constantFrom(1 as const, -1 as const), (open, start, step) => {
        const rows = open.map((isIt, index) => ({ ...items[index]!, verdict: isIt ? null : ('pass' as const) }));
        const from = rows[start]?.ref ?? null;
        const others = refs(rows.filter(isOpen)).filter((ref) => ref !== from);
        const seen: string[] = [];
        let at = from;
        for (let count = 0; count < others.length; count += 1) {
          at = nextOpen(rows, at, step);
          if (at === null) break;
          // What was visited is decided, as by a person who goes on after each.
          rows[rows.findIndex((row) => row.ref === at)]!.verdict = 'pass';
          if (at !== from) seen.push(at);
        }
        expect(new Set(seen)).toEqual(new Set(others));
      }),
    );
  });

  test('goes on at the other end, and is nothing where nothing else is open', () => {
    const rows = items.slice(0, 3).map((item, index) => ({ ...item, verdict: index === 0 ? null : ('pass' as const) }));
    expect(nextOpen(rows, rows[2]!.ref, 1)).toBe(rows[0]!.ref);
    expect(nextOpen(rows, rows[0]!.ref, 1)).toBeNull();
    expect(nextOpen([], null, 1)).toBeNull();
  });
});

test('a review is submitted when all is decided and no waiver has ended', () => {
  expect(submitRefusal(items, NOW)).toMatch(/items are still undecided/);
  const done = makeReview(1).items;
  expect(submitRefusal(done, NOW)).toBeNull();
  const over = done.map((item) => (item.waiver ? { ...item, waiver: { ...item.waiver, until: secondsAgo(5) } } : item));
  expect(submitRefusal(over, NOW)).toMatch(/^The waivers of .* have ended\.$/);
});

test('days and moments read as a person says them', () => {
  expect(formatDay('2027-03-31T23:59:59.999Z')).toBe('31 Mar 2027');
  expect(formatDay('2027-03-31')).toBe('31 Mar 2027');
  expect(formatMoment(secondsAgo(0), NOW)).toMatch(/^\d\d:\d\d$/);
  expect(formatMoment(secondsAgo(3 * 86_400), NOW)).toMatch(/^\d+ \w{3},? \d\d:\d\d$/);
});
