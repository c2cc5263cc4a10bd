// A window of time as points: counts and samples from the tenant's slots, the rest from this node's own history.
import { countInto, mergeInto, percentilesOf, sizeOf, type Histogram } from '../../shared/histogram.ts';
import { cutOf, type MetricPoint } from '../../shared/metric.ts';
import { rows, sql } from '../platform/database.ts';
import type { NodeHistory } from '../platform/node-history.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { ORIGIN } from './count.ts';
import { readStanding, SAMPLE_SECONDS, type Standing } from './sample.ts';

type Counts = Pick<
  MetricPoint,
  | 'started' | 'succeeded' | 'failed' | 'retried' | 'handedOff'
  | 'waitP50' | 'waitP95' | 'waitP99' | 'runP50' | 'runP95' | 'runP99'
>;

/** Fact to its durations. */
type Facts = Map<string, Histogram>;

const originMs = Date.UTC(2000, 0, 1);
/** A sample stands for the time until the next one, and for two more that were late or lost. */
const HOLD_MS = 3 * SAMPLE_SECONDS * 1000;
/** How an attempt may end of its own accord; one that a person or a restart ended says nothing of run times. */
const ends = ['succeeded', 'failed', 'retried', 'handed_off'];

const unknown: Counts = {
  started: null, succeeded: null, failed: null, retried: null, handedOff: null,
  waitP50: null, waitP95: null, waitP99: null, runP50: null, runP95: null, runP99: null,
};

interface CountRow {
  at: Date;
  fact: string;
  bucket: number;
  count: number;
}

/** Counts from slots of a length, by the begin of the bin that they fall into, in milliseconds. */
async function readCounts(
  { db }: TenantTransaction,
  slots: { seconds: 1 | 60; binSeconds: number; from: Date; to: Date },
): Promise<Map<number, Facts>> {
  const found = await rows(db, sql<CountRow>`
    select date_bin(make_interval(secs => ${slots.binSeconds}), at, ${ORIGIN}) as at, fact, bucket, sum(count)::int as count
    from metric_counts where seconds = ${slots.seconds} and at >= ${slots.from} and at < ${slots.to}
    group by 1, 2, 3`);
  const bins = new Map<number, Facts>();
  for (const { at, fact, bucket, count } of found) {
    const facts = bins.get(at.getTime()) ?? new Map<string, Histogram>();
    const histogram: Histogram = facts.get(fact) ?? new Map();
    countInto(histogram, bucket, count);
    bins.set(at.getTime(), facts.set(fact, histogram));
  }
  return bins;
}

function mergeFacts(parts: readonly Facts[]): Facts {
  const merged: Facts = new Map();
  for (const part of parts) {
    for (const [fact, histogram] of part) {
      const into: Histogram = merged.get(fact) ?? new Map();
      mergeInto(into, histogram);
      merged.set(fact, into);
    }
  }
  return merged;
}

/** What happened in a span, a minute; `watched`: it is known that nothing else did. */
function countsOf(parts: readonly Facts[], { spanSeconds, watched }: { spanSeconds: number; watched: boolean }): Counts {
  if (!watched && parts.length === 0) return unknown;
  const facts = mergeFacts(parts);
  const aMinute = (fact: string) => Number(((sizeOf(facts.get(fact) ?? new Map()) * 60) / spanSeconds).toFixed(2));
  const wait = percentilesOf(facts.get('wait') ?? new Map());
  const runs: Histogram = new Map();
  for (const fact of ends) mergeInto(runs, facts.get(fact) ?? new Map());
  const run = percentilesOf(runs);
  return {
    started: aMinute('wait'),
    succeeded: aMinute('succeeded'),
    failed: aMinute('failed'),
    retried: aMinute('retried'),
    handedOff: aMinute('handed_off'),
    waitP50: rounded(wait.p50),
    waitP95: rounded(wait.p95),
    waitP99: rounded(wait.p99),
    runP50: rounded(run.p50),
    runP95: rounded(run.p95),
    runP99: rounded(run.p99),
  };
}

const rounded = (seconds: number | null): number | null => (seconds === null ? null : Number(seconds.toPrecision(3)));

interface SampleRow extends Standing {
  at: Date;
}

/** Kept samples, one for each step: the most tasks of a state within it, so that no peak is lost; agents as last seen. */
function readSamples({ db }: TenantTransaction, { stepSeconds, from }: { stepSeconds: number; from: Date }): Promise<SampleRow[]> {
  const step = Math.max(SAMPLE_SECONDS, stepSeconds);
  return rows(db, sql<SampleRow>`
    select max(at) as at, max(waiting) as waiting, max(queued) as queued, max(retrying) as retrying, max(running) as running,
      (array_agg(idle order by at desc))[1] as idle, (array_agg(busy order by at desc))[1] as busy,
      (array_agg(offline order by at desc))[1] as offline
    from metric_samples where at >= ${from} group by date_bin(make_interval(secs => ${step}), at, ${ORIGIN}) order by 1`);
}

/** The present: what stands there, and what the last minute was. Cheap enough for once a second. */
export async function readNow(tx: TenantTransaction): Promise<Standing & Counts> {
  const to = new Date(tx.now.getTime() + 1_000);
  const from = new Date(tx.now.getTime() - 60_000);
  const bins = await readCounts(tx, { seconds: 1, binSeconds: 60, from, to });
  return { ...(await readStanding(tx)), ...countsOf([...bins.values()], { spanSeconds: 60, watched: true }) };
}

/** The points of a window, oldest first, and the present as the last one. */
export async function readSeries(tx: TenantTransaction, windowMinutes: number, node: NodeHistory): Promise<MetricPoint[]> {
  const { stepSeconds, spanSeconds } = cutOf(windowMinutes);
  const [step, span] = [stepSeconds * 1000, spanSeconds * 1000];
  const now = tx.now.getTime();
  // Points stand at the ends of whole steps, so that they stay where they are while the window moves.
  const last = originMs + Math.floor((now - originMs) / step) * step;
  const count = Math.round((windowMinutes * 60) / stepSeconds);
  const first = last - (count - 1) * step;
  const counts = await readCounts(tx, {
    seconds: stepSeconds < 60 ? 1 : 60,
    binSeconds: stepSeconds,
    from: new Date(first - span),
    to: new Date(last),
  });
  const samples = await readSamples(tx, { stepSeconds, from: new Date(first - Math.max(step, HOLD_MS)) });
  const points: MetricPoint[] = [];
  let seen = 0;
  for (let at = first; at <= last; at += step) {
    while (seen < samples.length && samples[seen]!.at.getTime() < at) seen += 1;
    const sample = samples[seen - 1];
    const fresh = sample !== undefined && sample.at.getTime() >= at - Math.max(step, HOLD_MS) ? sample : undefined;
    const bins = Array.from({ length: span / step }, (_, index) => counts.get(at - span + index * step)).filter((bin) => bin !== undefined);
    points.push({
      ...standingAt(fresh),
      ...countsOf(bins, { spanSeconds, watched: fresh !== undefined }),
      ...node.at(at, { stepSeconds, spanSeconds }),
      at: new Date(at).toISOString(),
    });
  }
  points.push({ ...(await readNow(tx)), ...node.at(now, { stepSeconds: 5, spanSeconds: 60 }), at: tx.now.toISOString() });
  return points;
}

function standingAt(sample: SampleRow | undefined): Record<keyof Standing, number | null> {
  const { waiting, queued, retrying, running, idle, busy, offline } = sample ?? {};
  const known = (value: number | undefined) => value ?? null;
  return {
    waiting: known(waiting), queued: known(queued), retrying: known(retrying), running: known(running),
    idle: known(idle), busy: known(busy), offline: known(offline),
  };
}
