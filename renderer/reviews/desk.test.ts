// The desk over a backend that answers late, refuses stale versions and is changed by others meanwhile.
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ReviewItem } from '../../shared/review.ts';
import { decided, makeReview, takenByOther } from '../stories/reviewFixtures.ts';
import { createDesk, withPending, type Change, type Desk, type Sent } from './desk.ts';

const plain = (index: number): ReviewItem => ({ ...makeReview(0).items[index]!, note: '', version: 1 });

/** A backend in memory: answers wait until they are let through. */
function openOffice() {
  const backend = new Map([plain(0), plain(1), plain(2)].map((item) => [item.ref, item]));
  const loaded = new Map(backend);
  const waiting: (() => void)[] = [];
  const failures: { ref: string; change: Change; error: unknown }[] = [];
  const sentWith: [string, number][] = [];
  let broken: unknown = null;
  const answer = (ref: string, change: Change, version: number): Sent => {
    if (broken) return { ok: false, error: broken };
    const item = backend.get(ref)!;
    if (version !== item.version) return { ok: false, conflict: item };
    const next = decided(item, { ...change });
    backend.set(ref, next);
    return { ok: true, item: next };
  };
  const desk: Desk = createDesk({
    send: (ref, change, version) =>
      new Promise((resolve) => {
        sentWith.push([ref, version]);
        waiting.push(() => resolve(answer(ref, change, version)));
      }),
    item: (ref) => loaded.get(ref),
    settle(item) {
      if (item.version > loaded.get(item.ref)!.version) loaded.set(item.ref, item);
    },
    failed: (ref, change, error) => failures.push({ ref, change, error }),
  });
  return {
    desk, backend, loaded, failures, sentWith,
    /** Lets answers through until nothing is under way. */
    async settle() {
      do {
        waiting.splice(0).forEach((run) => run());
        await new Promise((resolve) => setTimeout(resolve));
      } while (waiting.length > 0);
    },
    byOther(ref: string, change?: Change) {
      const item = backend.get(ref)!;
      backend.set(ref, change ? { ...decided(item, { ...change }), changedBy: { kind: 'user', id: null, name: 'Other' } } : takenByOther(item));
    },
    /** The live stream brings what the backend has. */
    live: () => backend.forEach((item, ref) => loaded.set(ref, item)),
    breakWith: (error: unknown) => (broken = error),
    shown: (ref: string) => withPending([loaded.get(ref)!], desk.store.getState().pending)[0]!,
  };
}

let office: ReturnType<typeof openOffice>;
const [a, b] = ['ISO-01', 'ISO-02'];
beforeEach(() => {
  office = openOffice();
});

describe('a decision', () => {
  test('shows at once and stays when it is answered', async () => {
    void office.desk.decide(a, { verdict: 'pass', waiver: null });
    expect(office.shown(a).verdict).toBe('pass');
    expect(office.loaded.get(a)!.verdict).toBeNull();
    await office.settle();
    expect(office.loaded.get(a)!.verdict).toBe('pass');
    expect(office.desk.store.getState().pending.size).toBe(0);
  });

  test('is taken back when it is refused, and said', async () => {
    office.breakWith(new Error('away'));
    void office.desk.decide(a, { verdict: 'fail', waiver: null });
    await office.settle();
    expect(office.shown(a).verdict).toBeNull();
    expect(office.failures).toMatchObject([{ ref: a, change: { verdict: 'fail' } }]);
    expect(office.desk.undo()).toBeNull();
  });

  test('right after a note of one’s own is no conflict: it goes on the version that the note made', async () => {
    void office.desk.decide(a, { note: 'Seen' });
    void office.desk.decide(a, { verdict: 'pass', waiver: null });
    expect(office.shown(a)).toMatchObject({ note: 'Seen', verdict: 'pass' });
    await office.settle();
    expect(office.backend.get(a)).toMatchObject({ note: 'Seen', verdict: 'pass', version: 3 });
    expect(office.desk.store.getState().conflicts).toEqual([]);
  });

  test('of another item does not wait for the first', async () => {
    void office.desk.decide(a, { verdict: 'pass', waiver: null });
    void office.desk.decide(b, { verdict: 'pass', waiver: null });
    await Promise.resolve();
    expect(office.sentWith).toEqual([[a, 1], [b, 1]]);
    await office.settle();
  });
});

describe('a conflict', () => {
  test('keeps theirs in sight, and writes nothing over it', async () => {
    office.byOther(a);
    void office.desk.decide(a, { verdict: 'pass', waiver: null });
    await office.settle();
    expect(office.shown(a).verdict).toBe('fail');
    expect(office.desk.store.getState().conflicts).toEqual([{ ref: a, mine: { verdict: 'pass', waiver: null } }]);
    expect(office.backend.get(a)!.verdict).toBe('fail');
    office.desk.keepTheirs(a);
    expect(office.desk.store.getState().conflicts).toEqual([]);
    expect(office.backend.get(a)!.verdict).toBe('fail');
  });

  test('decided for one’s own goes on what was shown, and meets a third change again', async () => {
    office.byOther(a);
    void office.desk.decide(a, { verdict: 'pass', waiver: null });
    await office.settle();
    office.byOther(a, { verdict: 'not_applicable' });
    office.desk.useMine(a);
    await office.settle();
    expect(office.desk.store.getState().conflicts).toHaveLength(1);
    expect(office.shown(a).verdict).toBe('not_applicable');
    office.desk.useMine(a);
    await office.settle();
    expect(office.backend.get(a)).toMatchObject({ verdict: 'pass' });
    expect(office.desk.store.getState().conflicts).toEqual([]);
  });

  test('is none where both decided the same', async () => {
    office.byOther(a, { verdict: 'pass' });
    void office.desk.decide(a, { verdict: 'pass', waiver: null });
    await office.settle();
    expect(office.desk.store.getState().conflicts).toEqual([]);
    expect(office.backend.get(a)!.version).toBe(2);
  });

  test('of two notes offers both; joined they both stay', async () => {
    office.byOther(a, { note: 'Theirs' });
    void office.desk.decide(a, { note: 'Mine' });
    await office.settle();
    expect(office.desk.store.getState().conflicts).toEqual([{ ref: a, mine: { note: 'Mine' } }]);
    office.desk.useMine(a, 'Theirs\n\nMine');
    await office.settle();
    expect(office.backend.get(a)!.note).toBe('Theirs\n\nMine');
  });

  test('is none for a note beside somebody else’s verdict: both stay', async () => {
    office.byOther(a, { verdict: 'fail' });
    void office.desk.decide(a, { note: 'Mine' });
    await office.settle();
    expect(office.backend.get(a)).toMatchObject({ verdict: 'fail', note: 'Mine' });
    expect(office.desk.store.getState().conflicts).toEqual([]);
  });

  test('is one for a note that was begun before theirs came in', async () => {
    const seen = office.loaded.get(a)!;
    office.byOther(a, { note: 'Theirs' });
    office.live();
    void office.desk.decide(a, { note: 'Mine' }, seen);
    await office.settle();
    expect(office.backend.get(a)!.note).toBe('Theirs');
    expect(office.desk.store.getState().conflicts).toHaveLength(1);
  });
});

describe('undo', () => {
  test('takes verdicts back in their order, waivers with them', async () => {
    void office.desk.decide(a, { verdict: 'waived', waiver: { reason: 'So', until: '2999-01-01' } });
    void office.desk.decide(a, { verdict: 'pass', waiver: null });
    void office.desk.decide(b, { verdict: 'fail', waiver: null });
    await office.settle();
    expect(office.desk.undo()).toBe(b);
    expect(office.desk.undo()).toBe(a);
    await office.settle();
    expect(office.backend.get(b)!.verdict).toBeNull();
    expect(office.backend.get(a)).toMatchObject({ verdict: 'waived', waiver: { reason: 'So' } });
    expect(office.desk.undo()).toBe(a);
    await office.settle();
    expect([office.backend.get(a)!.verdict, office.desk.undo()]).toEqual([null, null]);
  });

  test('of what is still under way waits for it', async () => {
    void office.desk.decide(a, { verdict: 'pass', waiver: null });
    office.desk.undo();
    expect(office.shown(a).verdict).toBeNull();
    await office.settle();
    expect(office.backend.get(a)).toMatchObject({ verdict: null, version: 3 });
  });

  test('does not take back what another has decided since, even if it is in sight already', async () => {
    void office.desk.decide(a, { verdict: 'pass', waiver: null });
    await office.settle();
    office.byOther(a);
    office.live();
    office.desk.undo();
    await office.settle();
    expect(office.backend.get(a)!.verdict).toBe('fail');
    expect(office.desk.store.getState().conflicts).toEqual([{ ref: a, mine: { verdict: null, waiver: null } }]);
  });
});

test('whatever two people do, nothing of the other is written over unseen, and the desk ends with what the backend has', async () => {
  const step = fc.record({
    who: fc.constantFrom('me', 'other', 'undo', 'live', 'answer', 'mine', 'theirs'),
    ref: fc.constantFrom(a, b),
    verdict: fc.constantFrom('pass' as const, 'fail' as const, 'not_applicable' as const),
    note: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const office = openOffice();
      let count = 0;
      for (const { who, ref, verdict, note } of steps) {
        count += 1;
        const change: Change = note ? { note: `Note ${count}` } : { verdict, waiver: null };
        if (who === 'me') void office.desk.decide(ref, change);
        else if (who === 'other') office.byOther(ref, change);
        else if (who === 'undo') office.desk.undo();
        else if (who === 'live') office.live();
        else if (who === 'mine') office.desk.useMine(ref);
        else if (who === 'theirs') office.desk.keepTheirs(ref);
        else await office.settle();
      }
      await office.settle();
      office.live();
      expect(office.desk.store.getState().pending.size).toBe(0);
      expect(office.failures).toEqual([]);
      for (const [ref, item] of office.backend) expect(office.shown(ref)).toEqual(item);
    }),
    { numRuns: 200 },
  );
});
