// Reviews through their handlers: what is snapshot, decided, refused, counted, told and audited.
import { join } from 'node:path';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Checklist } from '../../shared/checklist.ts';
import { AppError } from '../../shared/errors.ts';
import { countItems, review, reviewOperations, type Review, type ReviewItem } from '../../shared/review.ts';
import { createChecklistLibrary } from '../checklists/index.ts';
import { rows, sql } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { countOpenItems, createReviewHandlers } from './index.ts';

const library = createChecklistLibrary(join(import.meta.dirname, '../../resources/checklists'));
const handlers = createReviewHandlers(library);
let test: TestDatabase;
let launch: Checklist;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
  launch = (await library.load())[0]!;
});
afterAll(() => test.close());

type Verb = keyof typeof reviewOperations;
interface Room extends HandlerWorkspace {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever the operation answers
  do(verb: Verb, input: object): Promise<any>;
  begin(level?: 1 | 2 | 3): Promise<Review>;
}

async function openRoom(): Promise<Room> {
  const workspace = await makeHandlerWorkspace(test);
  const room: Room = {
    ...workspace,
    do: (verb, input) => workspace.call(reviewOperations[verb], handlers[verb], input),
    begin: (level) => room.do('create', { checklistId: launch.id, title: 'Launch', ...(level && { level }) }),
  };
  return room;
}

const refusal = async (work: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await work.then(() => null, (cause: unknown) => cause);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

describe('beginning a review', () => {
  it('takes the items of the level and those below, in the order of the checklist', async () => {
    const room = await openRoom();
    const made = await room.begin(2);
    expect(review.parse(made)).toEqual(made);
    const expected = launch.items.filter((item) => item.level <= 2);
    expect(made.items.map(({ ref, section, text, level }) => ({ ref, section, text, level }))).toEqual(
      expected.map(({ ref, section, text, level }) => ({ ref, section, text, level })),
    );
    expect(made).toMatchObject({ state: 'open', level: 2, checklistVersion: launch.version, title: 'Launch' });
    expect(made.items[0]).toMatchObject({ verdict: null, note: '', version: 1, lookedAt: null, assignee: null });
    expect(made.counts).toEqual(countItems(made.items));
    expect((await room.begin()).items).toHaveLength(launch.itemCount);
  });

  it('keeps its items when the checklist changes', async () => {
    const room = await openRoom();
    const made = await room.begin(1);
    const item = launch.items.find(({ ref }) => ref === made.items[0]!.ref)!;
    const text = item.text;
    try {
      item.text = 'Something else altogether.';
      const again: Review = await room.do('get', { id: made.id });
      expect(again.items[0]!.text).toBe(text);
    } finally {
      item.text = text;
    }
  });

  it('refuses a checklist that is not there', async () => {
    const room = await openRoom();
    const error = await refusal(room.do('create', { checklistId: launch.items[0]!.id, title: 'None' }));
    expect(error.code).toBe('not_found');
  });
});

describe('deciding', () => {
  it('raises the version, notes who and when, counts, and says so', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const [first, second] = items as [ReviewItem, ReviewItem];
    const passed: ReviewItem = await room.do('decide', { id, ref: first.ref, verdict: 'pass', version: 1 });
    expect(passed).toMatchObject({ verdict: 'pass', version: 2, decidedBy: { kind: 'user', name: 'Owner' } });
    expect(passed.lookedAt).not.toBeNull();
    await room.do('decide', { id, ref: second.ref, verdict: 'fail', note: 'Seen to fail', version: 1 });
    const after: Review = await room.do('get', { id });
    expect(after.counts).toEqual({ total: items.length, lookedAt: 2, decided: 2, passed: 1, failed: 1, notApplicable: 0, waived: 0 });
    const told = await room.run((tx) =>
      rows(tx.db, sql<{ type: string; version: number; data: { ref?: string } }>`
        select type, version, data from events where entity like 'review%' order by seq`),
    );
    expect(told.map(({ type }) => type)).toEqual([
      'review.created', 'review_item.decided', 'review.progressed', 'review_item.decided', 'review.progressed',
    ]);
    expect(told[1]).toMatchObject({ version: 2, data: { ref: first.ref, verdict: 'pass', reviewId: id } });
    expect(told[4]).toMatchObject({ version: 3, data: { counts: after.counts } });
    const audited = await room.run((tx) =>
      rows(tx.db, sql`select action, before, after from audit where action = 'reviews.decide' order by seq`),
    );
    expect(audited[1]).toEqual({
      action: 'reviews.decide',
      before: { ref: second.ref, verdict: null, note: '', waiver: null },
      after: { ref: second.ref, verdict: 'fail', note: 'Seen to fail', waiver: null },
    });
  });

  it('refuses a stale version with the item as it is now, and writes nothing', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const { ref } = items[0]!;
    const theirs: ReviewItem = await room.do('decide', { id, ref, verdict: 'fail', note: 'Theirs', version: 1 });
    for (const version of [1, 3, 99]) {
      const error = await refusal(room.do('decide', { id, ref, verdict: 'pass', note: 'Mine', version }));
      expect([error.code, error.details.current]).toEqual(['version_conflict', theirs]);
    }
    expect(((await room.do('get', { id })) as Review).items[0]).toEqual(theirs);
  });

  it('does not take a look or an assignment for a conflict', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const { ref, version } = items[0]!;
    const looked: ReviewItem = await room.do('look', { id, ref });
    expect(looked.version).toBe(2);
    await room.do('assign', { id, refs: [ref], assignee: 'me' });
    const decided: ReviewItem = await room.do('decide', { id, ref, verdict: 'pass', version });
    expect(decided).toMatchObject({ verdict: 'pass', version: 4 });
    expect((await refusal(room.do('decide', { id, ref, verdict: 'fail', version }))).code).toBe('version_conflict');
  });

  it('keeps what is not sent: a note under a verdict, a verdict and its decider under a note', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const { ref } = items[0]!;
    await room.do('decide', { id, ref, note: 'First the note', version: 1 });
    const passed: ReviewItem = await room.do('decide', { id, ref, verdict: 'pass', version: 2 });
    expect(passed.note).toBe('First the note');
    const noted: ReviewItem = await room.do('decide', { id, ref, note: 'Then more', version: 3 });
    expect(noted).toMatchObject({ verdict: 'pass', decidedAt: passed.decidedAt, note: 'Then more', version: 4 });
    // The same once more changes nothing, and takes no version.
    expect(await room.do('decide', { id, ref, verdict: 'pass', note: 'Then more', version: 4 })).toEqual(noted);
  });

  it('takes a verdict back, with its waiver and its decider', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const { ref } = items[0]!;
    const waiver = { reason: 'The vendor mends it in March', until: tomorrow() };
    const waived: ReviewItem = await room.do('decide', { id, ref, verdict: 'waived', waiver, version: 1 });
    expect(waived.waiver).toEqual({ reason: waiver.reason, until: `${waiver.until}T23:59:59.999Z` });
    const back: ReviewItem = await room.do('decide', { id, ref, verdict: null, version: 2 });
    expect(back).toMatchObject({ verdict: null, waiver: null, decidedBy: null, decidedAt: null });
    const { counts }: Review = await room.do('get', { id });
    expect(counts).toMatchObject({ decided: 0, waived: 0, lookedAt: 1 });
  });

  it.each([
    ['waived without a waiver', { verdict: 'waived' }, 'waiver'],
    ['a waiver without a reason', { verdict: 'waived', waiver: { reason: '  ', until: '2999-01-01' } }, 'waiver.reason'],
    ['a waiver without an end', { verdict: 'waived', waiver: { reason: 'So' } }, 'waiver.until'],
    ['a waiver whose end is no date', { verdict: 'waived', waiver: { reason: 'So', until: 'soon' } }, 'waiver.until'],
    ['a waiver beside another verdict', { verdict: 'pass', waiver: { reason: 'So', until: '2999-01-01' } }, 'waiver'],
    ['a verdict that is none', { verdict: 'maybe' }, 'verdict'],
  ])('refuses %s and names the field', (_, given, path) => {
    const read = reviewOperations.decide.input.safeParse({ id: launch.id, ref: 'ISO-01', version: 1, ...given });
    expect(read.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('refuses a waiver that is over already', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const ended = { reason: 'So', until: new Date(Date.now() - 60_000).toISOString() };
    const error = await refusal(room.do('decide', { id, ref: items[0]!.ref, verdict: 'waived', waiver: ended, version: 1 }));
    expect([error.code, error.details.fields?.[0]?.path]).toEqual(['validation_failed', 'waiver.until']);
  });

  it('finds no item of another review or ref', async () => {
    const room = await openRoom();
    const { id } = await room.begin(1);
    expect((await refusal(room.do('decide', { id, ref: 'XXX-99', verdict: 'pass', version: 1 }))).code).toBe('not_found');
    expect((await refusal(room.do('look', { id: launch.id, ref: 'ISO-01' }))).code).toBe('not_found');
  });
});

describe('looking and assigning', () => {
  it('counts the first look alone', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const { ref } = items[3]!;
    const once: ReviewItem = await room.do('look', { id, ref });
    expect(await room.do('look', { id, ref })).toEqual(once);
    expect(((await room.do('get', { id })) as Review).counts.lookedAt).toBe(1);
  });

  it('gives a whole section to whoever asks, and takes it back', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const section = items[0]!.section;
    const size = items.filter((item) => item.section === section).length;
    const mine = await room.do('assign', { id, section, assignee: 'me' });
    expect(mine.items).toHaveLength(size);
    expect(mine.items[0].assignee).toMatchObject({ kind: 'user', name: 'Owner' });
    const nobodys = await room.do('assign', { id, section, assignee: null });
    expect(nobodys.items.every((item: ReviewItem) => item.assignee === null && item.version === 3)).toBe(true);
    // Nobody's already: nothing changes.
    expect(await room.do('assign', { id, section, assignee: null })).toEqual(nobodys);
  });

  it('refuses a section or a ref that is not of the review', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    for (const given of [{ section: 'Gardening' }, { refs: [items[0]!.ref, 'XXX-99'] }]) {
      const error = await refusal(room.do('assign', { id, assignee: 'me', ...given }));
      expect([error.code, error.details.fields?.[0]?.path]).toEqual(['validation_failed', Object.keys(given)[0]]);
    }
    expect(reviewOperations.assign.input.safeParse({ id, assignee: 'me' }).success).toBe(false);
  });
});

describe('submitting', () => {
  it('waits for the last verdict, closes, and opens again', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const early = await refusal(room.do('submit', { id }));
    expect(early.code).toBe('transition_not_allowed');
    expect(early.details).toMatchObject({ undecided: items.length });
    expect(early.message).toContain(`${items[0]!.ref}, `);
    for (const { ref } of items) await room.do('decide', { id, ref, verdict: 'pass', version: 1 });
    const submitted: Review = await room.do('submit', { id });
    expect(submitted).toMatchObject({ state: 'submitted', submittedBy: { name: 'Owner' } });
    for (const [verb, input] of [
      ['decide', { id, ref: items[0]!.ref, verdict: 'fail', version: 2 }],
      ['look', { id, ref: items[0]!.ref }],
      ['assign', { id, refs: [items[0]!.ref], assignee: 'me' }],
      ['submit', { id }],
    ] as const) {
      expect([verb, (await refusal(room.do(verb, input))).code]).toEqual([verb, 'transition_not_allowed']);
    }
    const open: Review = await room.do('reopen', { id });
    expect(open).toMatchObject({ state: 'open', submittedBy: null, submittedAt: null });
    expect((await refusal(room.do('reopen', { id }))).code).toBe('transition_not_allowed');
    await room.do('decide', { id, ref: items[0]!.ref, verdict: 'fail', version: 2 });
  });

  it('refuses a waiver that has ended meanwhile', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    for (const { ref } of items) await room.do('decide', { id, ref, verdict: 'pass', version: 1 });
    const waiver = { reason: 'Soon', until: tomorrow() };
    await room.do('decide', { id, ref: items[0]!.ref, verdict: 'waived', waiver, version: 2 });
    await room.run((tx) =>
      sql`update review_items set waiver = jsonb_build_object('reason', 'Soon', 'until', '2020-01-01T00:00:00.000Z')
        where review_id = ${id} and verdict = 'waived'`.execute(tx.db),
    );
    const error = await refusal(room.do('submit', { id }));
    expect(error.details).toMatchObject({ undecided: 0, waiversEnded: 1 });
    expect(error.message).toContain(items[0]!.ref);
  });
});

describe('lists and the report', () => {
  it('lists the newest first, by state, in pages', async () => {
    const room = await openRoom();
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.unshift((await room.begin(1)).id);
    const first = await room.do('list', { limit: 2 });
    expect(first.items.map((one: Review) => one.id)).toEqual(ids.slice(0, 2));
    const second = await room.do('list', { limit: 2, cursor: first.nextCursor });
    expect([second.items.map((one: Review) => one.id), second.nextCursor]).toEqual([ids.slice(2), null]);
    expect((await room.do('list', { state: 'submitted' })).items).toEqual([]);
  });

  it('counts open items over open reviews from their counters', async () => {
    const room = await openRoom();
    const a = await room.begin(1);
    const b = await room.begin(2);
    await room.do('decide', { id: a.id, ref: a.items[0]!.ref, verdict: 'pass', version: 1 });
    expect(await room.run(countOpenItems)).toBe(a.items.length + b.items.length - 1);
    for (const { ref } of a.items.slice(1)) await room.do('decide', { id: a.id, ref, verdict: 'pass', version: 1 });
    await room.do('submit', { id: a.id });
    expect(await room.run(countOpenItems)).toBe(b.items.length);
  });

  it('reports each section, and every fail and waiver with its note, whatever is written in it', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const [a, b, c] = items as [ReviewItem, ReviewItem, ReviewItem];
    await room.do('decide', { id, ref: a.ref, verdict: 'fail', note: '# Not a heading\n| no | table', version: 1 });
    const waiver = { reason: 'Until the vendor answers', until: '2999-05-01' };
    await room.do('decide', { id, ref: b.ref, verdict: 'waived', waiver, version: 1 });
    await room.do('decide', { id, ref: c.ref, verdict: 'pass', version: 1 });
    const report: string = await room.do('report', { id });
    expect(report).toMatch(/^# Launch\n/);
    expect(report).toContain(`- Decided: 3 of ${items.length} (1 pass, 1 fail, 0 not applicable, 1 waived)`);
    const size = items.filter((item) => item.section === a.section).length;
    expect(report).toContain(`| ${a.section} | ${size} | 3 | 1 | 1 | 0 | 1 |`);
    expect(report).toMatch(new RegExp(`### ${a.ref}: .*\\n\\n.*, level 1, by Owner, .* UTC\\n\\nEvidence asked for: .+\\n\\n> #### Not a heading  \\n`));
    expect(report).toContain('Waived until 2999-05-01:\n\n> Until the vendor answers');
    expect(report.match(/^- \w+-\d+: /gm)).toHaveLength(items.length - 3);
    expect(await room.do('report', { id })).toBe(report);
  });

  it('keeps every note with its lines and its links, whatever the verdict', async () => {
    const room = await openRoom();
    const { id, items } = await room.begin(1);
    const run = 'https://ci.example.com/runs/41?job=a_b&step=c~d*e#L2';
    const log = 'https://ci.example.com/(logs)/41_2';
    const verdicts = ['pass', 'fail', 'not_applicable', 'waived', null] as const;
    const waiver = { reason: `Until the vendor answers:\n${log}`, until: '2999-05-01' };
    for (const [index, verdict] of verdicts.entries()) {
      const note = `Seen by ${index}:\n${run}\n${log}\n\nBoth hold.`;
      await room.do('decide', { id, ref: items[index]!.ref, verdict, note, ...(verdict === 'waived' && { waiver }), version: 1 });
    }
    const report: string = await room.do('report', { id });
    const tree = unified().use(remarkParse).use(remarkGfm).parse(report);
    const quotes = tree.children.filter((node) => node.type === 'blockquote');
    expect(quotes).toHaveLength(verdicts.length + 1);
    for (const quote of quotes) {
      const [first] = quote.children;
      const parts = first?.type === 'paragraph' ? first.children.map((part) => (part.type === 'link' ? part.url : part.type)) : [];
      const links = parts.includes(run) ? [run, 'break', log] : [log];
      expect(parts).toEqual(['text', 'break', ...links]);
    }
  });
});
