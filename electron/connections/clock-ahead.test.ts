import { expect, test } from 'vitest';
import { createFakeClock } from '../embedded/fake-clock.ts';
import { createClockAhead } from './clock-ahead.ts';

function setUp() {
  const clock = createFakeClock();
  const told: (number | null)[] = [];
  const ahead = createClockAhead(clock, () => told.push(ahead.seconds()));
  let server = clock.now();
  /** A second passes here and there, and the server tells its time. */
  const second = (late = 0) => {
    clock.pass(1_000);
    server += 1_000;
    ahead.heard(server - late);
  };
  return { clock, told, second };
}

test('clocks that agree, but for the way and the whole seconds, say nothing', () => {
  const { told, second } = setUp();
  for (let turn = 0; turn < 60; turn += 1) second(turn % 2 === 0 ? 30 : 1_500);
  expect(told).toEqual([]);
});

test('a clock that was set is told once, when a second telling agrees, and again when it is right', () => {
  const { clock, told, second } = setUp();
  for (let turn = 0; turn < 3; turn += 1) second();
  clock.step(300_000);
  second();
  expect(told).toEqual([]);
  for (let turn = 0; turn < 10; turn += 1) second();
  expect(told).toEqual([300]);
  clock.step(-360_000);
  for (let turn = 0; turn < 10; turn += 1) second();
  expect(told).toEqual([300, -60]);
  clock.step(60_000);
  for (let turn = 0; turn < 10; turn += 1) second();
  expect(told).toEqual([300, -60, null]);
});

test('one late answer, as after a sleep, says nothing', () => {
  const { told, second } = setUp();
  for (let turn = 0; turn < 5; turn += 1) second();
  second(3_600_000);
  second();
  second();
  expect(told).toEqual([]);
});
