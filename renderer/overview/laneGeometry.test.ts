// Where blocks stand on the board, and what a lane says.
import { describe, expect, test } from 'vitest';
import type { LaneBlock } from '../../shared/overview.ts';
import { agents, overview } from '../stories/fixtures.ts';
import {
  anchorOf,
  fitOf,
  formatUsed,
  MOST_TRACKS,
  placeBlocks,
  restingWord,
  runningOf,
  shiftOf,
  ticksOf,
  trackCount,
  usedOf,
  type View,
} from './laneGeometry.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const view: View = { anchor: NOW, windowMs: 1_800_000 };
const at = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1_000).toISOString();
let made = 0;
function block(from: number, to: number | null, over: Partial<LaneBlock> = {}): LaneBlock {
  made += 1;
  return {
    taskId: `t${made}`,
    title: 'T',
    attempt: 1,
    state: to === null ? 'running' : 'succeeded',
    startedAt: at(from),
    finishedAt: to === null ? null : at(to),
    timeLimitSeconds: 900,
    ...over,
  };
}

describe('blocks', () => {
  test('stand where their time is: the window is the whole strip', () => {
    expect(placeBlocks([block(900, 450)], view)).toMatchObject([{ left: 50, width: 25, track: 0 }]);
  });
  test('that began before the window begin at its edge, and older ones are left out', () => {
    const placed = placeBlocks([block(3_600, 900), block(4_000, 1_801)], view);
    expect(placed).toMatchObject([{ left: 0, width: 50 }]);
  });
  test('that run have no end', () => {
    expect(placeBlocks([block(180, null)], view)).toMatchObject([{ left: 90, width: null }]);
  });
  test('come oldest first, and one after another in the same row', () => {
    const placed = placeBlocks([block(100, null), block(300, 100), block(900, 301)], view);
    expect(placed.map(({ left, track }) => [Math.round(left), track])).toEqual([
      [50, 0],
      [83, 0],
      [94, 0],
    ]);
  });
  test('at the same time have rows of their own, and what is too many shares the last', () => {
    const placed = placeBlocks(
      [1, 2, 3, 4, 5, 6].map((index) => block(600 - index, null)),
      view,
    );
    expect(placed.map(({ track }) => track)).toEqual([0, 1, 2, 3, 3, 3]);
    expect(trackCount(placed)).toBe(MOST_TRACKS);
    expect(trackCount([])).toBe(1);
  });
  test('of one task differ by their attempt', () => {
    const [first, second] = placeBlocks(
      [block(900, 800, { taskId: 'same' }), block(700, 600, { taskId: 'same', attempt: 2 })],
      view,
    );
    expect([first?.key, second?.key]).toEqual(['same:1', 'same:2']);
  });
});

test('the strip moves to the left with time, and its anchor steps on before it has moved a tenth', () => {
  expect(shiftOf(NOW + 18_000, view)).toBe(-1);
  expect(shiftOf(NOW - 5_000, view)).toBeCloseTo(0);
  for (const second of [0, 7, 29, 30, 31, 1_799]) {
    const now = NOW + second * 1_000;
    const moved = shiftOf(now, { ...view, anchor: anchorOf(now, view.windowMs) });
    expect(moved).toBeGreaterThan(-10);
    expect(moved).toBeLessThanOrEqual(0);
  }
});

test('the fill is the time used of the limit, near it from nine tenths on, and never more than all', () => {
  expect(usedOf(block(450, null), NOW)).toEqual({ seconds: 450, share: 0.5, near: false });
  expect(usedOf(block(810, null), NOW)).toMatchObject({ share: 0.9, near: true });
  expect(usedOf(block(2_000, null), NOW)).toMatchObject({ share: 1, near: true });
  // An attempt that has ended is near nothing.
  expect(usedOf(block(1_000, 110), NOW)).toMatchObject({ seconds: 890, near: false });
  // A clock of the backend that is ahead shows nothing below zero.
  expect(usedOf(block(-20, null), NOW)).toMatchObject({ seconds: 0, share: 0 });
});

test('the figure at the end of a lane: minutes where the limit is whole ones', () => {
  expect(formatUsed(595, 900)).toBe('9:55 / 15');
  expect(formatUsed(12, 20)).toBe('0:12 / 0:20');
  expect(formatUsed(4_000, 7_200)).toBe('1:06:40 / 2:00:00');
});

test('what runs comes with the one nearest to its limit first', () => {
  const short = block(50, null, { timeLimitSeconds: 60 });
  const long = block(300, null);
  expect(runningOf([long, block(900, 800), short], NOW)).toEqual([short, long]);
});

test('a lane in which nothing runs says why', () => {
  const of = (name: string) => {
    const agent = agents.find((one) => one.name === name);
    if (!agent) throw new Error(name);
    return agent;
  };
  const idle = { queued: 0, waiting: 0 };
  expect(restingWord({ agent: of('coordinator'), ...idle })).toBe('ready');
  expect(restingWord({ agent: of('coordinator'), queued: 0, waiting: 2 })).toBe('waiting');
  expect(restingWord({ agent: of('coordinator'), queued: 4, waiting: 2 })).toBe('4 queued');
  expect(restingWord({ agent: of('translator'), ...idle })).toBe('paused');
  expect(restingWord({ agent: of('supply-analyst'), ...idle, queued: 4 })).toBe('offline');
  expect(restingWord({ agent: { ...of('coordinator'), provider: null }, ...idle })).toBe('no provider');
});

test('words, a shape or nothing, by the width that there is', () => {
  expect([fitOf(100), fitOf(30), fitOf(4)]).toEqual(['words', 'shape', 'none']);
});

test('the axis counts back from now and leaves the edge out', () => {
  expect(ticksOf(30, 5).map(({ label }) => label)).toEqual(['25 min', '20 min', '15 min', '10 min', '5 min']);
  expect(ticksOf(10_080, 1_440).map(({ label }) => label)).toEqual([
    '6 d',
    '5 d',
    '4 d',
    '3 d',
    '2 d',
    '1 d',
  ]);
  expect(ticksOf(360, 60)[0]).toMatchObject({ label: '5 h' });
});

test('every block of the fixtures lies within its strip', () => {
  for (const lane of overview.lanes) {
    const anchor = Date.parse(overview.at);
    for (const { left, width } of placeBlocks(lane.blocks, { anchor, windowMs: 1_800_000 })) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + (width ?? 0)).toBeLessThanOrEqual(100.0001);
    }
  }
});
