// Reading the roll-ups: sums by time and by group, each in one statement over rows that are few by their making.
import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { UsageFigures, UsageGroupTotal, UsageMetric, usageOperations, UsageSeries, UsageShare } from '../../shared/usage.ts';
import { row, rows, sql, type Statement } from '../platform/database.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { areDays, edgesOf, spanOf } from './buckets.ts';

interface Sums {
  executions: number;
  attempts: number;
  execution_seconds: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: string;
}
const sums = sql`coalesce(sum(u.executions), 0)::int as executions, coalesce(sum(u.attempts), 0)::int as attempts,
  coalesce(sum(u.execution_seconds), 0)::float8 as execution_seconds, coalesce(sum(u.input_tokens), 0)::float8 as input_tokens,
  coalesce(sum(u.output_tokens), 0)::float8 as output_tokens, trim_scale(coalesce(sum(u.cost_usd), 0))::text as cost_usd`;

function toFigures(found: Sums): UsageFigures {
  return {
    executions: found.executions,
    attempts: found.attempts,
    executionSeconds: Math.round(found.execution_seconds * 1000) / 1000,
    inputTokens: found.input_tokens,
    outputTokens: found.output_tokens,
    costUsd: found.cost_usd,
  };
}
const nothing: Sums = { executions: 0, attempts: 0, execution_seconds: 0, input_tokens: 0, output_tokens: 0, cost_usd: '0' };

/** A metric as one number; money as dollars. */
function valueOf(metric: UsageMetric, found: Sums): number {
  switch (metric) {
    case 'executions':
      return found.executions;
    case 'attempts':
      return found.attempts;
    case 'seconds':
      return Math.round(found.execution_seconds * 1000) / 1000;
    case 'tokens':
      return found.input_tokens + found.output_tokens;
    case 'cost':
      return Number(found.cost_usd);
  }
}
const metricSum: Record<UsageMetric, Statement> = {
  executions: sql`sum(u.executions)::float8`,
  attempts: sql`sum(u.attempts)::float8`,
  seconds: sql`sum(u.execution_seconds)::float8`,
  tokens: sql`sum(u.input_tokens + u.output_tokens)::float8`,
  cost: sql`sum(u.cost_usd)::float8`,
};

type By = 'agent' | 'plan' | 'state';
/** What a row is grouped under; `none` is of no plan. */
const groupKey: Record<By, Statement> = {
  agent: sql`u.agent_id::text`,
  plan: sql`coalesce(u.plan_id::text, 'none')`,
  state: sql`u.outcome`,
};

/** An execution is counted before there is an outcome: by state there are only attempts. */
function checkMetric(by: string, metric: UsageMetric): void {
  if (by !== 'state' || metric !== 'executions') return;
  const message = 'An execution is counted before it has an outcome. Ask for attempts by state.';
  throw new AppError('validation_failed', `metric: ${message}`, { details: { fields: [{ path: 'metric', message }] } });
}

interface Scope {
  agentId?: string | undefined;
  planId?: string | undefined;
}
/** The rows of a span as `u`: by days where its edges allow it. */
function source(edges: readonly number[], { agentId, planId }: Scope): Statement {
  const parts = [sql`u.at >= ${iso(edges[0])}::timestamptz and u.at < ${iso(edges.at(-1))}::timestamptz`];
  if (agentId) parts.push(sql`u.agent_id = ${agentId}`);
  if (planId) parts.push(sql`u.plan_id = ${planId}`);
  return sql`from ${areDays(edges) ? sql`usage_days` : sql`usage_hours`} u where ${sql.join(parts, sql` and `)}`;
}
const iso = (time: number | undefined): string => new Date(time as number).toISOString();

/** What groups are called; those that are no row (`none`, outcomes) have no name here. */
async function namesOf(tx: TenantTransaction, by: By, keys: string[]): Promise<Map<string, { name: string; simulated: boolean }>> {
  const ids = keys.filter((key) => key.length === 36);
  if (by === 'state' || ids.length === 0) return new Map();
  const found = await rows(tx.db, sql<{ id: string; name: string; simulated: boolean }>`${
    by === 'agent'
      ? sql`select a.id, a.name, coalesce(p.kind = 'simulator', false) as simulated from agents a
          left join provider_accounts p on p.id = a.provider_account_id where a.id = any(${ids}::uuid[])`
      : sql`select p.id, p.name, false as simulated from plans p where p.id = any(${ids}::uuid[])`
  }`);
  return new Map(found.map(({ id, name, simulated }) => [id, { name, simulated }]));
}

type SeriesInput = z.output<(typeof usageOperations)['series']['input']>;

async function topGroups(tx: TenantTransaction, edges: number[], input: SeriesInput): Promise<UsageGroupTotal[]> {
  const { groupBy: by, metric, top } = input;
  if (by === 'none') return [];
  const key = groupKey[by];
  const found = await rows(tx.db, sql<{ key: string; total: number; count: number }>`
    select ${key} as key, ${metricSum[metric]} as total, count(*) over ()::int as count ${source(edges, input)}
    group by 1 having ${metricSum[metric]} > 0 order by 2 desc, 1 limit ${top}`);
  const names = await namesOf(tx, by, found.map((one) => one.key));
  const groups = found.map(({ key, total }) => ({ key, total, name: null, simulated: false, ...names.get(key) }));
  const others = (found[0]?.count ?? 0) > found.length;
  // Its total is what the points add up to: known when they are.
  return others ? [...groups, { key: 'other', name: null, simulated: false, total: 0 }] : groups;
}

interface SeriesRow extends Sums {
  bucket: number | null;
  part: string | null;
  level: number;
}

/** Usage over time; every bucket is there, also one in which nothing was used. */
export async function readSeries(tx: TenantTransaction, input: SeriesInput): Promise<UsageSeries> {
  checkMetric(input.groupBy, input.metric);
  const span = spanOf(input);
  const edges = edgesOf(input.bucket, span, input.timeZone);
  const groups = await topGroups(tx, edges, input);
  const listed = groups.filter(({ key }) => key !== 'other').map(({ key }) => key);
  const key = input.groupBy === 'none' ? sql`'all'` : groupKey[input.groupBy];
  const found = await rows(tx.db, sql<SeriesRow>`
    select u.bucket, u.part, grouping(u.bucket, u.part)::int as level, ${sums}
    from (select u.*, width_bucket(u.at, ${edges.map(iso)}::timestamptz[]) as bucket,
        case when ${key} = any(${listed}::text[]) then ${key} else 'other' end as part ${source(edges, input)}) u
    group by grouping sets ((u.bucket, u.part), (u.bucket), ())`);
  const total = found.find(({ level }) => level === 3) ?? nothing;
  const whole = new Map(found.filter(({ level }) => level === 1).map((one) => [one.bucket, one]));
  const parts = new Map(found.filter(({ level }) => level === 0).map((one) => [`${one.bucket} ${one.part}`, one]));
  const points = edges.slice(0, -1).map((edge, index) => {
    const all = whole.get(index + 1) ?? nothing;
    const values = groups.map((group) => valueOf(input.metric, parts.get(`${index + 1} ${group.key}`) ?? nothing));
    return { at: iso(edge), until: iso(edges[index + 1]), figures: toFigures(all), values: groups.length > 0 ? values : [valueOf(input.metric, all)] };
  });
  return {
    bucket: input.bucket,
    from: iso(span.from),
    to: iso(span.to),
    timeZone: input.timeZone,
    groupBy: input.groupBy,
    metric: input.metric,
    groups: groups.map((group, index) =>
      group.key === 'other' ? { ...group, total: points.reduce((sum, point) => sum + (point.values[index] ?? 0), 0) } : group),
    points,
    total: toFigures(total),
    previous: await readPrevious(tx, input),
  };
}

async function readPrevious(tx: TenantTransaction, input: SeriesInput): Promise<UsageFigures | null> {
  if (!input.compareFrom || !input.compareTo) return null;
  const { from, to } = spanOf({ from: input.compareFrom, to: input.compareTo }, 'compareTo');
  const found = await row(tx.db, sql<Sums>`select ${sums} ${source([from, to], input)}`);
  return toFigures(found ?? nothing);
}

type BreakdownInput = z.output<(typeof usageOperations)['breakdown']['input']>;
interface ShareRow extends Sums {
  key: string;
  value: number;
  whole: number;
}

/** Who used how much, the most of the metric first. */
export async function readBreakdown(
  tx: TenantTransaction,
  input: BreakdownInput,
): Promise<{ items: UsageShare[]; nextCursor: string | null }> {
  checkMetric(input.by, input.metric);
  const { from, to } = spanOf(input);
  const after = decodeCursor(input.cursor, ['number', 'text']);
  const seen = after ? sql`where (value, key) < (${Number(after[0])}::float8, ${String(after[1])}::text)` : sql``;
  // By state the rows of claims, which have no outcome, are no group.
  const claims = input.by === 'state' ? sql`having sum(u.attempts) > 0` : sql``;
  const found = await rows(tx.db, sql<ShareRow>`
    select * from (select g.*, sum(value) over () as whole from (
        select ${groupKey[input.by]} as key, ${metricSum[input.metric]} as value, ${sums} ${source([from, to], input)} group by 1 ${claims}
      ) g) ranked ${seen} order by value desc, key desc limit ${input.limit + 1}`);
  const names = await namesOf(tx, input.by, found.map(({ key }) => key));
  return toPage(found, input.limit, {
    item: (one) => ({
      key: one.key,
      name: null,
      simulated: false,
      ...names.get(one.key),
      ...toFigures(one),
      share: one.whole > 0 ? one.value / one.whole : 0,
    }),
    key: (one) => [one.value, one.key],
  });
}
