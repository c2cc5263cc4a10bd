import { expect, test } from 'vitest';
import { createFakeClock } from '../embedded/fake-clock.ts';
import { createTrickle } from './trickle.ts';
import { laterErrand } from './world.ts';

const MINUTE = 60_000;
function setup(give: () => Promise<void> = async () => undefined) {
  const clock = createFakeClock();
  const seen = { given: 0, told: 0 };
  const trickle = createTrickle({
    clock,
    give() {
      seen.given += 1;
      return give();
    },
    onChange: () => void (seen.told += 1),
  });
  return { clock, trickle, seen };
}

test('errands come in one after the other until it is stopped, however often it is started', () => {
  const { clock, trickle, seen } = setup();
  trickle.start();
  trickle.start();
  clock.pass(MINUTE);
  expect(seen.given).toBe(6);
  trickle.stop();
  trickle.stop();
  clock.pass(MINUTE);
  expect(seen).toEqual({ given: 6, told: 2 });
  expect([trickle.on, clock.waiting()]).toEqual([false, []]);
});

test('it ends by itself after half an hour, and can be started again', () => {
  const { clock, trickle, seen } = setup();
  trickle.start();
  clock.pass(3 * 60 * MINUTE);
  expect(trickle.on).toBe(false);
  expect(seen.given).toBeLessThanOrEqual(200);
  expect(seen.given).toBeGreaterThan(150);
  const before = seen.given;
  trickle.start();
  clock.pass(MINUTE);
  expect(seen.given).toBe(before + 6);
});

test('an errand that is refused ends nothing', async () => {
  const { clock, trickle, seen } = setup(() => Promise.reject(new Error('paused')));
  trickle.start();
  clock.pass(MINUTE);
  await Promise.resolve();
  expect([trickle.on, seen.given]).toEqual([true, 6]);
});

test('errands are told apart, and all three agents have their share', () => {
  const some = Array.from({ length: 200 }, (_, number) => laterErrand(number));
  expect(new Set(some.map(({ title }) => title)).size).toBe(200);
  expect(new Set(some.map(({ agent }) => agent)).size).toBe(3);
});
