// A node's own history: what it keeps, how long, and that what it did not see is a gap.
import { expect, it } from 'vitest';
import { RELATIVE_ERROR } from '../../shared/histogram.ts';
import { createNodeHistory } from './node-history.ts';

const start = Date.UTC(2026, 0, 1);
function setup() {
  let now = start;
  const history = createNodeHistory({ now: () => new Date(now) });
  const gauges = { sockets: 2, used: 1, waiting: 0 };
  history.watch({ sockets: () => gauges.sockets, connections: () => ({ ...gauges, limit: 10 }) });
  return { history, gauges, pass: (seconds: number) => void (now += seconds * 1000), now: () => now };
}
const fine = { stepSeconds: 5, spanSeconds: 60 };
const coarse = { stepSeconds: 60, spanSeconds: 60 };

it('shows percentiles of the last minute and the most of each gauge within the step', () => {
  const { history, gauges, pass, now } = setup();
  for (let second = 0; second < 60; second += 1) {
    gauges.waiting = second === 57 ? 4 : 0;
    history.tick();
    history.query(second === 30 ? 0.5 : 0.002);
    if (second === 58) history.lag(120);
    pass(1);
  }
  const point = history.at(now(), fine);
  expect(point).toMatchObject({ connections: 1, connectionsWaiting: 4, sockets: 2, eventLagMs: 120 });
  expect(Math.abs(point.queryP50! - 2)).toBeLessThanOrEqual(2 * RELATIVE_ERROR + 0.01);
  expect(Math.abs(point.queryP99! - 500)).toBeLessThanOrEqual(500 * RELATIVE_ERROR + 1);
  expect(point.memoryBytes).toBeGreaterThan(1_000_000);
  // A minute later, with one quiet second of statements in between.
  pass(60);
  history.tick();
  pass(1);
  expect(history.at(now(), fine)).toMatchObject({ queryP50: null, eventLagMs: null, connectionsWaiting: 0 });
});

it('does not fall to nothing at the begin of a step', () => {
  const { history, pass, now } = setup();
  history.tick();
  pass(5);
  // The next step begins with a statement; the gauges are looked at later.
  history.query(0.002);
  pass(0.1);
  const point = history.at(now(), fine);
  expect(point).toMatchObject({ connections: 1, sockets: 2 });
  expect(point.memoryBytes).toBeGreaterThan(1_000_000);
});

it('is a gap before it started, and where it was stopped', () => {
  const { history, pass, now } = setup();
  const nothing = Object.fromEntries(Object.keys(history.at(start, fine)).map((name) => [name, null]));
  expect(history.at(now(), fine)).toEqual(nothing);
  history.tick();
  pass(3_600);
  expect(history.at(now(), fine)).toEqual(nothing);
  expect(history.at(now(), coarse)).toEqual(nothing);
  expect(history.at(start + 60_000, coarse).sockets).toBe(2);
});

it('keeps a day by the minute and 20 minutes by the step, and no more', () => {
  const { history, pass, now } = setup();
  for (let minute = 0; minute < 25 * 60; minute += 1) {
    history.tick();
    pass(60);
  }
  expect(history.at(now(), coarse).sockets).toBe(2);
  expect(history.at(now() - 86_340_000, coarse).sockets).toBe(2);
  expect(history.at(now() - 86_400_000 - 60_000, coarse).sockets).toBeNull();
});

it('goes on in its last slot when the clock is set back', () => {
  const { history, pass } = setup();
  history.tick();
  pass(-3_600);
  history.query(0.01);
  expect(history.at(start + 5_000, fine).queryP50).not.toBeNull();
});
