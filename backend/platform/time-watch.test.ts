import { expect, test } from 'vitest';
import { createHold, watchTime } from './time-watch.ts';

function open() {
  const time = { wall: 1_000_000, sinceBoot: 500_000 };
  const watch = watchTime({ wall: () => time.wall, sinceBoot: () => time.sinceBoot }, null);
  const pass = (milliseconds: number, step = 0) => {
    time.wall += milliseconds + step;
    time.sinceBoot += milliseconds;
    watch.look();
  };
  return { watch, pass };
}

test('time that passes as it should is not lost', () => {
  const { watch, pass } = open();
  for (let second = 0; second < 3_600; second += 1) pass(1_000);
  // A busy moment, and an uptime that is told in whole seconds.
  pass(4_000, 900);
  expect(watch.take()).toBeNull();
});

test('a sleep and a step of the clock, forward and back, are told apart', () => {
  const { watch, pass } = open();
  pass(3_600_000);
  expect(watch.take()).toEqual({ sleptMs: 3_600_000, steppedMs: 0 });
  pass(1_000, 3_600_000);
  expect(watch.take()).toEqual({ sleptMs: 0, steppedMs: 3_600_000 });
  pass(1_000, -3_600_000);
  expect(watch.take()).toEqual({ sleptMs: 0, steppedMs: -3_600_000 });
  pass(60_000, 10_000);
  expect(watch.take()).toEqual({ sleptMs: 60_000, steppedMs: 10_000 });
  expect(watch.take()).toBeNull();
});

test('what was found before it is taken adds up, and what could not be made good is taken once more', () => {
  const { watch, pass } = open();
  pass(10_000);
  pass(1_000);
  pass(20_000, -5_000);
  const lost = watch.take();
  expect(lost).toEqual({ sleptMs: 30_000, steppedMs: -5_000 });
  watch.giveBack(lost!);
  expect(watch.take()).toEqual(lost);
});

test('a node among several judges no lease for the length of one after the database’s clock leapt', () => {
  let here = 0;
  const hold = createHold(30, () => here);
  const at = (seconds: number) => new Date(seconds * 1_000);
  expect(hold.isOn(at(1_000))).toBe(false);
  here += 1_000;
  expect(hold.isOn(at(1_001))).toBe(false);
  here += 1_000;
  expect(hold.isOn(at(4_602))).toBe(true);
  here += 29_000;
  expect(hold.isOn(at(4_631))).toBe(true);
  here += 2_000;
  expect(hold.isOn(at(4_633))).toBe(false);
  // Back: what was to run out runs out later, which is no reason to wait.
  here += 1_000;
  expect(hold.isOn(at(1_034))).toBe(false);
});
