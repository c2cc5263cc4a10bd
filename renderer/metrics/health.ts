// How it stands, in words: what an operator would say after a look at all the charts.
import type { Freshness } from '../../shared/events.ts';
import { errorRateOf, type MetricPoint, type MetricSeries } from '../../shared/metric.ts';
import { formatSpan } from '../../shared/schema.ts';
import type { Target } from '../app/routes.ts';
import { formatCount, formatDuration, formatPlural } from '../components/format.ts';
import { formatShortSeconds } from '../components/chart/index.ts';

export type Tone = 'good' | 'warning' | 'bad' | 'unknown';
export interface Health {
  id: 'backend' | 'database' | 'live' | 'work' | 'agents';
  label: string;
  tone: Tone;
  /** "healthy", "slow: 95 of 100 statements within 420 ms". */
  words: string;
  /** Where what is said can be seen, and mended. */
  to?: Target;
}

/** Milliseconds above which a statement's p95 counts as slow, and an event's lag as late. */
export const SLOW_QUERY_MS = 250;
export const LATE_EVENT_MS = 1_000;
/** Failed attempts of those that ended: worth a look, and worth waking somebody. */
export const ERRORS_WARN = 0.2;
export const ERRORS_BAD = 0.5;
/** Fewer ended attempts say nothing about a rate. */
const ENOUGH_ENDED = 4;

const ms = (value: number): string => formatShortSeconds(value / 1_000);

function backend(node: MetricSeries['node'], now: number): Health {
  const up = Math.max(0, (now - Date.parse(node.startedAt)) / 1_000);
  return { id: 'backend', label: 'Backend', tone: 'good', words: `${node.version}, up ${formatDuration(Math.round(up))}` };
}

function database(point: MetricPoint, node: MetricSeries['node']): Health {
  const about = { id: 'database', label: 'Database' } as const;
  const { queryP95, connectionsWaiting } = point;
  if ((connectionsWaiting ?? 0) > 0) {
    return { ...about, tone: 'bad', words: `overloaded: ${formatPlural(connectionsWaiting ?? 0, 'request')} wait for one of ${node.connectionLimit} connections` };
  }
  if (queryP95 === null) return { ...about, tone: 'unknown', words: 'no figures yet' };
  if (queryP95 > SLOW_QUERY_MS) return { ...about, tone: 'warning', words: `slow: statements p95 ${ms(queryP95)}` };
  return { ...about, tone: 'good', words: `healthy, statements p95 ${ms(queryP95)}` };
}

function live(freshness: Freshness, lag: number | null): Health {
  const about = { id: 'live', label: 'Live stream' } as const;
  if (freshness.state === 'stale') return { ...about, tone: 'bad', words: 'no connection; the figures stand still' };
  if (freshness.state === 'connecting') return { ...about, tone: 'unknown', words: 'connecting' };
  if (lag !== null && lag > LATE_EVENT_MS) return { ...about, tone: 'warning', words: `late: changes reach windows after ${ms(lag)}` };
  return { ...about, tone: 'good', words: lag === null ? 'healthy, nothing changed lately' : `healthy, changes arrive within ${ms(Math.max(1, lag))}` };
}

const tasksIn = (state: string): Target => ({ place: 'tasks', search: { state } });

/** Tasks with an attempt that failed in the last minute; to the minute and open at its end, so that the link stays the same for one. */
function justFailed(now: number): Target {
  const from = new Date(Math.floor(now / 60_000) * 60_000 - 60_000).toISOString();
  return { place: 'tasks', search: { ended: formatSpan({ from, to: null }), outcome: 'failed,lease_expired' } };
}

function work(point: MetricPoint, paused: boolean, now: number): Health {
  const about = { id: 'work', label: 'Work', to: tasksIn('running') } as const;
  if (paused) return { ...about, tone: 'warning', words: 'paused by a person', to: { place: 'overview' } };
  const { started, succeeded, failed, retried, handedOff } = point;
  const due = (point.queued ?? 0) - (point.retrying ?? 0);
  const ended = (succeeded ?? 0) + (failed ?? 0) + (retried ?? 0) + (handedOff ?? 0);
  const rate = errorRateOf(point);
  if (rate !== null && rate >= ERRORS_WARN && ended >= ENOUGH_ENDED) {
    return { ...about, tone: rate >= ERRORS_BAD ? 'bad' : 'warning', words: `failing: ${Math.round(rate * 100)}% of the last minute’s attempts`, to: justFailed(now) };
  }
  if (due > 0 && started === 0 && point.running === 0) return { ...about, tone: 'bad', words: `stuck: ${formatCount(due)} queued, nothing begins`, to: tasksIn('queued') };
  if (started === null) return { ...about, tone: 'unknown', words: 'no figures yet' };
  if ((point.running ?? 0) + due + ended === 0) return { ...about, tone: 'good', words: 'nothing to do' };
  return { ...about, tone: 'good', words: `healthy, ${formatCount(point.running ?? 0)} running` };
}

function agents({ idle, busy, offline }: MetricPoint): Health {
  const about = { id: 'agents', label: 'Agents', to: { place: 'agents', search: offline ? { presence: 'offline' } : {} } } as const;
  if (idle === null || busy === null || offline === null) return { ...about, tone: 'unknown', words: 'no figures yet' };
  const all = idle + busy + offline;
  if (offline === all) return { ...about, tone: 'warning', words: all === 1 ? 'the only one is offline' : `all ${formatCount(all)} offline` };
  if (offline > 0) return { ...about, tone: 'good', words: `${formatCount(busy + idle)} of ${formatCount(all)} reachable` };
  return { ...about, tone: 'good', words: all === 1 ? 'the only one is reachable' : `all ${formatCount(all)} reachable` };
}

export interface Seen {
  point: MetricPoint;
  node: MetricSeries['node'];
  freshness: Freshness;
  paused: boolean;
  now: number;
}
export function healthOf({ point, node, freshness, paused, now }: Seen): Health[] {
  return [work(point, paused, now), agents(point), database(point, node), live(freshness, point.eventLagMs), backend(node, now)];
}
