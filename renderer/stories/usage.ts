// Usage as the backend would answer it: two years of days with weekends and nights, the same for every reading.
import type { UsageFigures, UsageForecast, UsageMetric, UsageSeries, UsageShare } from '../../shared/usage.ts';
import { valueOf } from '../usage/metrics.ts';
import { agents, createRandom, NOW, planSummaries, usage } from './fixtures.ts';
import { accounts } from './providerFixtures.ts';

type Input = Record<string, unknown>;
const HOUR = 3_600_000;
const nothing: UsageFigures = { executions: 0, attempts: 0, executionSeconds: 0, inputTokens: 0, outputTokens: 0, costUsd: '0' };

function add(one: UsageFigures, other: UsageFigures): UsageFigures {
  return {
    executions: one.executions + other.executions,
    attempts: one.attempts + other.attempts,
    executionSeconds: one.executionSeconds + other.executionSeconds,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    costUsd: (Number(one.costUsd) + Number(other.costUsd)).toFixed(2),
  };
}

interface Group {
  key: string;
  name: string | null;
  simulated: boolean;
  weight: number;
}
function groupsOf(by: unknown, many: number): Group[] {
  const weigh = (index: number): number => 1 / (1 + index * 0.7);
  if (by === 'state') {
    return ([['succeeded', 0.84], ['failed', 0.07], ['lease_expired', 0.03], ['handed_off', 0.04], ['cancelled', 0.02]] as const)
      .map(([key, weight]) => ({ key, name: null, simulated: false, weight }));
  }
  const rows: { id: string; name: string; simulated?: boolean }[] =
    by === 'account' ? accounts : by === 'agent' ? agents.map(({ id, name, provider }) => ({ id, name, simulated: provider?.simulated ?? false })) : planSummaries.map(({ id, name }, index) => ({ id, name, simulated: index === 0 }));
  const known = Array.from({ length: Math.max(rows.length, many) }, (_, index) => rows[index] ?? { id: `${index}`, name: `${by as string}-${index + 1}-of-a-great-many` })
    .map(({ id, name, simulated = false }, index): Group => ({ key: id, name, simulated, weight: weigh(index) }));
  const all: Group[] = by === 'plan' || by === 'account' ? [...known, { key: 'none', name: null, simulated: false, weight: 0.4 }] : known;
  const sum = all.reduce((total, { weight }) => total + weight, 0);
  return all.map((group) => ({ ...group, weight: group.weight / sum }));
}

/** An hour's work of one group; none in the future. */
function hourOf(at: number, group: Group | null): UsageFigures {
  if (at > NOW) return nothing;
  const random = createRandom(Math.floor(at / HOUR) * 31 + (group ? group.key.length + Math.round(group.weight * 997) : 0));
  const time = new Date(at);
  const busy = (0.35 + Math.max(0, Math.sin(((time.getUTCHours() - 5) / 24) * 2 * Math.PI))) * ([0, 6].includes(time.getUTCDay()) ? 0.3 : 1);
  const executions = Math.round(60 * busy * (0.6 + random() * 0.8) * (group?.weight ?? 1));
  const attempts = Math.round(executions * 1.13);
  return {
    executions,
    attempts,
    executionSeconds: attempts * 44.6,
    inputTokens: attempts * 2_263,
    outputTokens: attempts * 512,
    costUsd: (attempts * 0.003_93).toFixed(4),
  };
}
function spanOf(from: number, to: number, group: Group | null): UsageFigures {
  let sum = nothing;
  // Of long spans every seventh hour stands for seven.
  const step = to - from > 40 * 24 * HOUR ? 7 : 1;
  for (let at = from; at < to; at += step * HOUR) for (let count = 0; count < step; count += 1) sum = add(sum, hourOf(at, group));
  return sum;
}

function edgesOf(bucket: unknown, from: number, to: number): number[] {
  const edges: number[] = [];
  if (bucket === 'month') {
    for (let at = from; at < to; at = Date.UTC(new Date(at).getUTCFullYear(), new Date(at).getUTCMonth() + 1, 1)) edges.push(at);
  } else for (let at = from; at < to; at += bucket === 'hour' ? HOUR : 24 * HOUR) edges.push(at);
  return [...edges, to];
}
const iso = (time: number): string => new Date(time).toISOString();

export function usageSeries(input: Input, many = 0): UsageSeries {
  const [from, to] = [Date.parse(input.from as string), Date.parse(input.to as string)];
  const metric = (input.metric ?? 'executions') as UsageMetric;
  const groupBy = (input.groupBy ?? 'none') as UsageSeries['groupBy'];
  const edges = edgesOf(input.bucket, from, to);
  const groups = groupBy === 'none' ? [] : groupsOf(groupBy, many);
  const top = groups.slice(0, 5);
  const points = edges.slice(0, -1).map((edge, index) => {
    const until = edges[index + 1] as number;
    const of = groups.map((group) => spanOf(edge, until, group));
    const figures = groups.length === 0 ? spanOf(edge, until, null) : of.reduce(add, nothing);
    const values = of.slice(0, 5).map((one) => valueOf(one, metric));
    const rest = of.slice(5).reduce((sum, one) => sum + valueOf(one, metric), 0);
    return { at: iso(edge), until: iso(until), figures, values: groups.length === 0 ? [valueOf(figures, metric)] : groups.length > 5 ? [...values, rest] : values };
  });
  const total = points.reduce((sum, { figures }) => add(sum, figures), nothing);
  const listed = groups.length > 5 ? [...top, { key: 'other', name: null, simulated: false, weight: 0 }] : top;
  return {
    bucket: input.bucket as UsageSeries['bucket'],
    from: iso(from),
    to: iso(to),
    timeZone: (input.timeZone ?? 'UTC') as string,
    groupBy,
    metric,
    groups: listed.map(({ key, name, simulated }, index) => ({ key, name, simulated, total: points.reduce((sum, { values }) => sum + (values[index] ?? 0), 0) })),
    points,
    total,
    simulated: true,
    previous: add(nothing, spanOf(Date.parse(input.compareFrom as string), Date.parse(input.compareTo as string), null)),
  };
}

export function usageShares(input: Input, many = 0): { items: UsageShare[]; nextCursor: string | null } {
  const metric = (input.metric ?? 'executions') as UsageMetric;
  const [from, to] = [Date.parse(input.from as string), Date.parse(input.to as string)];
  const rows = groupsOf(input.by, many).map((group) => ({ group, figures: spanOf(from, to, group) }))
    .sort((a, b) => valueOf(b.figures, metric) - valueOf(a.figures, metric));
  const sum = rows.reduce((total, { figures }) => total + valueOf(figures, metric), 0);
  const start = Number(input.cursor ?? 0);
  const limit = Number(input.limit ?? 50);
  const items = rows.slice(start, start + limit).map(({ group: { key, name, simulated }, figures }) => ({ ...figures, key, name, simulated, share: valueOf(figures, metric) / Math.max(1e-9, sum) }));
  return { items, nextCursor: start + limit < rows.length ? String(start + limit) : null };
}

export const usageForecast: UsageForecast = {
  period: usage.period,
  resetsAt: usage.quota.resetsAt,
  limit: usage.quota.limit,
  used: usage.quota.used,
  days: 28,
  daysNeeded: 3,
  simulated: true,
  method: 'weekdays',
  executions: { expected: 24_104, low: 22_871, high: 25_910 },
  costUsd: { expected: 94.61, low: 88.2, high: 101.9 },
  runsOutAt: null,
  runsOutEarliestAt: '2026-11-30T04:00:00.000Z',
};

/** The answers of a workspace in which nothing was done yet. */
export const unusedUsage = {
  'usage.month': () => ({ ...usage, executions: 0, executionSeconds: 0, inputTokens: 0, outputTokens: 0, costUsd: '0', quota: { ...usage.quota, used: 0, remaining: 25_000 } }),
  'usage.series': (input: Input): UsageSeries => {
    const found = usageSeries({ ...input, groupBy: 'none' });
    const points = found.points.map((point) => ({ ...point, figures: nothing, values: [0] }));
    return { ...found, groupBy: (input.groupBy ?? 'none') as UsageSeries['groupBy'], points, total: nothing, simulated: false, previous: nothing };
  },
  'usage.breakdown': () => ({ items: [], nextCursor: null }),
  'usage.forecast': (): UsageForecast => ({ ...usageForecast, used: 0, days: 0, method: null, executions: null, costUsd: null, simulated: false, runsOutEarliestAt: null }),
};
