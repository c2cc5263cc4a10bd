// Durations counted in buckets that grow by a factor: two of them merge by adding, and every percentile read from
// one is within RELATIVE_ERROR of the exact one. Origin: DDSketch (Masson, Rim, Lee, VLDB 2019).

/** Each bucket ends this much further than the one before: 277 of them reach from 10 µs to 30 days. */
const GROWTH = 1.1;
/** Seconds up to which a duration counts as none; its bucket is 0. */
export const SMALLEST_SECONDS = 1e-5;
export const LAST_BUCKET = 277;
export const LOG_GROWTH = Math.log(GROWTH);
/** How far a percentile may be from the exact one, as a share of it: 4.8%. Below 10 µs it says 0. */
export const RELATIVE_ERROR = (GROWTH - 1) / (GROWTH + 1);

/** Bucket to how many durations fell into it. */
export type Histogram = Map<number, number>;

/** The bucket of a duration in seconds. The same stands in SQL, in backend/metrics/count.ts. */
export function bucketOf(seconds: number): number {
  if (!(seconds > SMALLEST_SECONDS)) return 0;
  return Math.min(LAST_BUCKET, Math.ceil(Math.log(seconds / SMALLEST_SECONDS) / LOG_GROWTH));
}

/** What a bucket stands for, in seconds: as far, relatively, from its one end as from its other. */
export function secondsOf(bucket: number): number {
  return bucket <= 0 ? 0 : (SMALLEST_SECONDS * 2 * GROWTH ** bucket) / (GROWTH + 1);
}

/** Counts durations of one bucket. */
export function countInto(histogram: Histogram, bucket: number, count = 1): void {
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + count);
}

/** Adds all of the other histogram. */
export function mergeInto(histogram: Histogram, other: ReadonlyMap<number, number>): void {
  for (const [bucket, count] of other) countInto(histogram, bucket, count);
}

/** How many durations a histogram holds. */
export function sizeOf(histogram: ReadonlyMap<number, number>): number {
  let size = 0;
  for (const count of histogram.values()) size += count;
  return size;
}

/** The duration in seconds that a share of all (0 to 1) does not pass, by nearest rank; null: it holds none. */
export function percentileOf(histogram: ReadonlyMap<number, number>, share: number): number | null {
  const size = sizeOf(histogram);
  if (size === 0) return null;
  const rank = Math.max(1, Math.ceil(share * size));
  let seen = 0;
  for (const bucket of [...histogram.keys()].toSorted((a, b) => a - b)) {
    seen += histogram.get(bucket) ?? 0;
    if (seen >= rank) return secondsOf(bucket);
  }
  return null;
}

export interface Percentiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** The three that the screens show, in seconds. */
export function percentilesOf(histogram: ReadonlyMap<number, number>): Percentiles {
  return {
    p50: percentileOf(histogram, 0.5),
    p95: percentileOf(histogram, 0.95),
    p99: percentileOf(histogram, 0.99),
  };
}
