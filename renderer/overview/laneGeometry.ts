// Where things stand on the board, as pure functions: blocks in time, rows of a lane, time used, the axis.
// The past is a strip that ends at the now line and is as long as the window; positions are percent of that strip.
import type { Lane, LaneBlock } from '../../shared/overview.ts';
import { formatClock } from '../components/format.ts';

/** From this share of its limit on an attempt is near it. */
export const NEAR_SHARE = 0.9;
/** Rows that a lane may have for attempts at the same time; more share the last one. */
export const MOST_TRACKS = 4;

export interface View {
  /** Milliseconds. What is drawn is placed against this moment; the strip is moved on from it each second. */
  anchor: number;
  windowMs: number;
}

/** One block in its place. `left` and `width` are percent of the past's strip; of a running one `width` is null. */
export interface Placed {
  key: string;
  block: LaneBlock;
  left: number;
  width: number | null;
  track: number;
}

export const blockKey = (block: LaneBlock): string => `${block.taskId}:${block.attempt}`;

/** The moment that positions refer to: it steps on by a sixtieth of the window, so that lanes are drawn anew rarely. */
export function anchorOf(now: number, windowMs: number): number {
  const step = windowMs / 60;
  return Math.floor(now / step) * step;
}

/** How far the strip has moved since its anchor, in percent of itself; never forward of it. */
export function shiftOf(now: number, view: View): number {
  return -Math.max(0, ((now - view.anchor) / view.windowMs) * 100);
}

/** Blocks of the window, oldest first; those at the same time are put in rows of their own. */
export function placeBlocks(blocks: readonly LaneBlock[], view: View): Placed[] {
  const from = view.anchor - view.windowMs;
  const shown = blocks
    .map((block) => ({ block, start: Date.parse(block.startedAt), end: endOf(block) }))
    .filter(({ end }) => end > from)
    .sort((a, b) => a.start - b.start);
  const free: number[] = [];
  return shown.map(({ block, start, end }) => {
    const open = free.findIndex((until) => until <= start);
    const track = open >= 0 ? open : Math.min(free.length, MOST_TRACKS - 1);
    free[track] = Math.max(free[track] ?? 0, end);
    // What began before the window begins at its edge, so that its words are not cut.
    const left = percent(Math.max(start, from) - from, view);
    return {
      key: blockKey(block),
      block,
      left,
      width: end === RUNS ? null : percent(end - from, view) - left,
      track,
    };
  });
}

const RUNS = Number.POSITIVE_INFINITY;
const endOf = (block: LaneBlock): number => (block.finishedAt === null ? RUNS : Date.parse(block.finishedAt));
const percent = (ms: number, view: View): number => (ms / view.windowMs) * 100;

export function trackCount(placed: readonly Placed[]): number {
  return placed.reduce((most, { track }) => Math.max(most, track + 1), 1);
}

/** What fits into a block of that many pixels: its words, its shape, or neither. */
export function fitOf(width: number): 'words' | 'shape' | 'none' {
  if (width >= 60) return 'words';
  return width >= 18 ? 'shape' : 'none';
}

export interface Used {
  seconds: number;
  /** Of the limit, 0 to 1. */
  share: number;
  near: boolean;
}
/** The time that an attempt has used of its limit. */
export function usedOf(
  block: Pick<LaneBlock, 'startedAt' | 'finishedAt' | 'timeLimitSeconds'>,
  now: number,
): Used {
  const end = block.finishedAt === null ? now : Date.parse(block.finishedAt);
  const seconds = Math.max(0, (end - Date.parse(block.startedAt)) / 1_000);
  const share = Math.min(1, seconds / block.timeLimitSeconds);
  return { seconds, share, near: block.finishedAt === null && share >= NEAR_SHARE };
}

/** `9:55 / 15`: a limit of whole minutes without seconds, any other as a clock. */
export function formatUsed(seconds: number, limitSeconds: number): string {
  const limit =
    limitSeconds % 60 === 0 && limitSeconds < 3_600 ? String(limitSeconds / 60) : formatClock(limitSeconds);
  return `${formatClock(seconds)} / ${limit}`;
}

/** The word at the right end of a lane in which nothing runs. */
export function restingWord(lane: Pick<Lane, 'agent' | 'queued' | 'waiting'>): string {
  const { agent } = lane;
  if (agent.status === 'paused') return 'paused';
  if (agent.kind === 'external' && agent.presence === 'offline') return 'offline';
  if (agent.kind === 'hosted' && agent.provider === null) return 'no provider';
  if (lane.queued > 0) return `${lane.queued > 999 ? '999+' : lane.queued} queued`;
  return lane.waiting > 0 ? 'waiting' : 'ready';
}

/** What runs on a lane, the one nearest to its limit first. */
export function runningOf(blocks: readonly LaneBlock[], now: number): LaneBlock[] {
  return blocks
    .filter((block) => block.finishedAt === null)
    .sort((a, b) => usedOf(b, now).share - usedOf(a, now).share);
}

/** The axis: `{ left, label }` from the left, without the edge itself. */
export function ticksOf(windowMinutes: number, tickMinutes: number): { left: number; label: string }[] {
  const count = Math.ceil(windowMinutes / tickMinutes) - 1;
  return Array.from({ length: count }, (_, index) => {
    const ago = (count - index) * tickMinutes;
    const label = ago % 1_440 === 0 ? `${ago / 1_440} d` : ago % 60 === 0 ? `${ago / 60} h` : `${ago} min`;
    return { left: 100 - (ago / windowMinutes) * 100, label };
  });
}
