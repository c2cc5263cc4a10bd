// Several people decide the same few items at once, each on the version that they saw last; a model keeps what was
// answered. Nothing that was answered may be lost, nothing refused may have been written.
import type fc from 'fast-check';
import { countItems, type Review, type ReviewItem, type Verdict } from '../../../shared/review.ts';

/** What a decider wants; `item` is an index among those that are fought over. */
export interface Wish {
  who: number;
  item: number;
  verdict: Verdict | null;
  note: string | null;
  look: boolean;
}

export function wishes(arbitrary: typeof fc, most: { deciders: number; items: number }): fc.Arbitrary<Wish[]> {
  return arbitrary.array(
    arbitrary.record({
      who: arbitrary.nat({ max: most.deciders - 1 }),
      item: arbitrary.nat({ max: most.items - 1 }),
      verdict: arbitrary.constantFrom<Verdict | null>('pass', 'fail', 'not_applicable', 'waived', null),
      note: arbitrary.constantFrom(null, '', 'as seen', 'another'),
      look: arbitrary.boolean(),
    }),
    { minLength: 20, maxLength: 60 },
  );
}

export type Outcome = { ok: true; item: ReviewItem } | { ok: false; code: string; current: ReviewItem | undefined };

export interface Doors {
  read(): Promise<Review>;
  decide(input: object): Promise<Outcome>;
  look(ref: string): Promise<ReviewItem>;
}

/** Each decider goes through its wishes one after the other, all of them side by side. Answers what came of it. */
export async function runDeciders(doors: Doors[], all: Wish[]): Promise<{ accepted: number; refused: number }> {
  const before = await doors[0]!.read();
  /** The decided versions that each item has had, with what they were. A version decided twice is a lost update. */
  const history = new Map(before.items.map((item) => [item.ref, new Map<number, string>()]));
  const told = (item: ReviewItem): string => JSON.stringify([item.verdict, item.note, item.waiver?.reason ?? null]);
  let accepted = 0;
  let refused = 0;

  const work = async (door: Doors, mine: Wish[]): Promise<void> => {
    const seen = new Map(before.items.map((item) => [item.ref, item]));
    for (const wish of mine) {
      const { ref } = before.items[wish.item]!;
      if (wish.look) await door.look(ref);
      const known = seen.get(ref)!;
      const waiver =
        wish.verdict === 'waived' ? { waiver: { reason: `Of ${wish.who}`, until: '2999-12-31' } } : {};
      const note = wish.note === null ? {} : { note: wish.note };
      const outcome = await door.decide({ ref, verdict: wish.verdict, version: known.version, ...note, ...waiver });
      if (!outcome.ok) {
        refused += 1;
        if (outcome.code !== 'version_conflict' || !outcome.current) throw new Error(`Refused: ${outcome.code}`);
        seen.set(ref, outcome.current);
        continue;
      }
      const { item } = outcome;
      const changed = told(item) !== told(known);
      seen.set(ref, item);
      if (!changed) continue;
      accepted += 1;
      const versions = history.get(ref)!;
      if (versions.has(item.version)) throw new Error(`${ref} was decided twice as version ${item.version}.`);
      versions.set(item.version, told(item));
    }
  };
  await Promise.all(doors.map((door, who) => work(door, all.filter((wish) => wish.who === who))));

  const after = await doors[0]!.read();
  for (const item of after.items) {
    const versions = [...history.get(item.ref)!].toSorted(([a], [b]) => a - b);
    const last = versions.at(-1);
    const first = before.items.find(({ ref }) => ref === item.ref)!;
    if (told(item) !== (last ? last[1] : told(first))) throw new Error(`${item.ref} is not what was answered last.`);
  }
  const recount = countItems(after.items);
  if (JSON.stringify(after.counts) !== JSON.stringify(recount)) {
    throw new Error(`Counters ${JSON.stringify(after.counts)} are not ${JSON.stringify(recount)}.`);
  }
  return { accepted, refused };
}
