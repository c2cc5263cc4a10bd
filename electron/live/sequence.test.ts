import { expect, test } from 'vitest';
import type { LiveEvent } from '../../shared/events.ts';
import { takeBatch } from './sequence.ts';

const event = (seq: number) => ({ seq }) as LiveEvent;
const seqs = (events: LiveEvent[]) => events.map(({ seq }) => seq);

test('the first batch sets the start', () => {
  const taken = takeBatch(null, [event(40), event(41)]);
  expect(seqs(taken.fresh)).toEqual([40, 41]);
  expect(taken).toMatchObject({ gap: false, last: 41 });
});

test('what was seen is dropped, wherever it lies in the batch', () => {
  const taken = takeBatch(41, [event(40), event(41), event(42), event(42), event(43)]);
  expect(seqs(taken.fresh)).toEqual([42, 43]);
  expect(taken).toMatchObject({ gap: false, last: 43 });
});

test('a hole is seen before a batch and within one', () => {
  expect(takeBatch(41, [event(43)])).toMatchObject({ gap: true, last: 43 });
  expect(takeBatch(41, [event(42), event(44)])).toMatchObject({ gap: true, last: 44 });
  expect(takeBatch(41, [])).toMatchObject({ gap: false, last: 41 });
});
