// Where things stand in a chart: round ticks, which point is under the pointer, labels that do not overlap. Pure.

/** The plot inside a chart, in px from its top left corner. */
export interface Plot {
  left: number;
  top: number;
  width: number;
  height: number;
}

const DAY = 86_400;
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, DAY];

/** The next of 1, 2, 2.5 and 5, times a power of ten. */
function roundUp(raw: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 2.5, 5].find((factor) => factor * magnitude >= raw * 0.999_999) ?? 10) * magnitude;
}

/** Round steps from nought to at least `most`: `[0, 20, 40]`. Seconds are rounded as clocks are. */
export function niceTicks(most: number, options: { parts?: number; seconds?: boolean; whole?: boolean } = {}): number[] {
  const { parts = 3, seconds = false, whole = false } = options;
  // Nothing but noughts has no scale of its own.
  if (most <= 0) return [0, 1];
  const raw = Math.max(most, whole ? 1 : 1e-9) / parts;
  const clock = seconds && raw >= 1 ? (SECONDS.find((step) => step >= raw * 0.999_999) ?? roundUp(raw / DAY) * DAY) : roundUp(raw);
  const step = whole ? Math.max(1, Math.ceil(clock)) : clock;
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The point under `x`; each of `count` has an equal band of the plot. Null: beside the plot. */
export function indexAt(x: number, plot: Plot, count: number): number | null {
  if (count === 0 || x < plot.left || x > plot.left + plot.width) return null;
  return Math.min(count - 1, Math.floor(((x - plot.left) / plot.width) * count));
}

/** The band of a point: where it begins and how wide it is, in px. */
export function bandOf(index: number, plot: Plot, count: number): { left: number; width: number } {
  const width = plot.width / Math.max(1, count);
  return { left: plot.left + index * width, width };
}

/** The part of a stack at the height of `value`, from the bottom; null: above it. */
export function segmentAt(values: readonly (number | null)[], value: number): number | null {
  let sum = 0;
  for (const [index, part] of values.entries()) {
    sum += part ?? 0;
    if ((part ?? 0) > 0 && value <= sum) return index;
  }
  return null;
}

/** Moves labels apart to `gap` px, each as near its own place as that allows, and keeps them within `[top, bottom]`. */
export function spreadLabels(places: readonly number[], gap: number, [top, bottom]: [number, number]): number[] {
  const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  // Blocks of labels that touch; two that overlap become one, around the middle of what they wanted.
  const blocks: { wanted: number[]; members: number[] }[] = [];
  const startOf = ({ wanted }: { wanted: number[] }): number => {
    const middle = wanted.reduce((sum, place, index) => sum + place - index * gap, 0) / wanted.length;
    return Math.max(top, Math.min(middle, bottom - (wanted.length - 1) * gap));
  };
  for (const { place, index } of order) {
    blocks.push({ wanted: [place], members: [index] });
    for (;;) {
      const [before, last] = blocks.slice(-2);
      if (!before || !last || startOf(before) + before.wanted.length * gap <= startOf(last)) break;
      blocks.splice(-2, 2, { wanted: [...before.wanted, ...last.wanted], members: [...before.members, ...last.members] });
    }
  }
  const result = [...places];
  for (const block of blocks) {
    const start = startOf(block);
    for (const [row, member] of block.members.entries()) result[member] = start + row * gap;
  }
  return result;
}
