// The tail that a window shows.
import { expect, test } from 'vitest';
import { createLogTail, readable } from './log-tail.ts';

test('the tail joins what comes in pieces, and is bounded in lines and in their length', () => {
  const tail = createLogTail();
  tail.take('one\ntw');
  expect(tail.lines(5)).toEqual(['one', 'tw']);
  tail.take('o\n\nthree\n');
  expect(tail.lines(5)).toEqual(['one', 'two', 'three']);
  for (let line = 0; line < 2_000; line += 1) tail.take(`${line}\n`);
  expect(tail.lines(5_000)).toHaveLength(400);
  tail.take('x'.repeat(1_000_000));
  expect(tail.lines(1)[0]).toHaveLength(2_000);
});

test('a line of the log reads as time, level and words; any other as it is', () => {
  const entry = { level: 60, time: '2026-11-25T10:11:12.000Z', msg: 'it ends', err: { message: 'No space left on device' } };
  expect(readable(JSON.stringify(entry))).toBe('10:11:12 fatal it ends: No space left on device');
  expect(readable('FATAL ERROR: out of memory')).toBe('FATAL ERROR: out of memory');
  expect(readable('[1,2]')).toBe('[1,2]');
});
