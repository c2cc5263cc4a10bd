// Reading the roll-ups: sums by time and by group, each in one statement over rows that are few by their making.
import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { UsageFigures, UsageGroupTotal, UsageMetric, usageOperations, UsagePart, UsageSeries, UsageShare } from '../../shared/usage.ts';
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
  simulated: boolean;
}
const sums = sql`coalesce(sum(u.executions), 0)::int as executions, coalesce(sum(u.attempts), 0)::int as attempts,
  coalesce(sum(u.execution_seconds), 0)::float8 as execution_seconds, coalesce(sum(u.input_tokens), 0)::float8 as input_tokens,
  coalesce(sum(u.output_tokens), 0)::float8 as output_tokens, trim_scale(coalesce(sum(u.cost_usd), 0))::text as cost_usd, coalesce(bool_or(u.simulated), false) as simulated`;

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
const nothing: Sums = { executions: 0, attempts: 0, execution_seconds: 0, input_tokens: 0, output_tokens: 0, cost_usd: '0', simulated: false };

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

/** What a row is grouped under, as it is stored: a key is made a text only when rows are few. */
const groupKey: Record<UsagePart | 'none', Statement> = {
  none: sql`null::text`,
  agent: sql`u.agent_id`,
  plan: sql`u.plan_id`,
  account: sql`u.account_id`,
  state: sql`u.outcome`,
};
/** `none` is of no plan, or of no account. */
const keyText = sql`coalesce(u.key::text, 'none')`;

/** An execution is counted before there is an outcome: by state there are only attempts. */
function checkMetric(by: string, metric: UsageMetric): void {
  if (by !== 'state' || metric !== 'executions') return;
  const message = 'An execution is counted before it has an outcome. Ask for attempts by state.';
  throw new AppError('validation_failed', `metric: ${message}`, { details: { fields: [{ path: 'metric', message }] } });
}

interface Scope {
  agentId?: string | undefined;
  planId?: string | undefined;
  accountId?: string | undefined;
}
/** Of a roll-up `r`: it ran on a simulator, be it removed since. */
export const onSimulator = sql`(r.account_id in (select id from provider_accounts where kind = 'simulator'
  union all select id from former_accounts where kind = 'simulator'))`;
const DAY = 86_400_000;
const iso = (time: number | undefined): string => new Date(time as number).toISOString();

/**
 * The rows between two edges as `u`. Where every edge is a midnight of UTC they are those of days; where only the whole
 * is asked for, whole days are days and what is left at both ends is hours. Otherwise they are hours.
 * `simulated` is what ran on an account that is a simulator's.
 */
function source(edges: readonly number[], { agentId, planId, accountId }: Scope): Statement {
  const [from, to] = [edges[0] as number, edges.at(-1) as number];
  const more = [
    ...(agentId ? [sql` and agent_id = ${agentId}`] : []),
    ...(planId ? [sql` and plan_id = ${planId}`] : []),
    ...(accountId ? [accountId === 'none' ? sql` and account_id is null` : sql` and account_id = ${accountId}`] : []),
  ];
  const part = (table: Statement, [start, end]: [number, number]) =>
    sql`select r.*, ${onSimulator} as simulated from ${table} r where at >= ${iso(start)}::timestamptz and at < ${iso(end)}::timestamptz ${sql.join(more, sql``)}`;
  const [hours, days] = [sql`usage_hours`, sql`usage_days`];
  if (areDays(edges)) return sql`(${part(days, [from, to])}) u`;
  const [first, last] = [Math.ceil(from / DAY) * DAY, Math.floor(to / DAY) * DAY];
  if (edges.length > 2 || first >= last) return sql`(${part(hours, [from, to])}) u`;
  return sql`(${part(hours, [from, first])} union all ${part(days, [first, last])} union all ${part(hours, [last, to])}) u`;
}

/** What groups are called; those that are no row (`none`, outcomes) have no name here. */
async function namesOf(tx: TenantTransaction, by: UsagePart, keys: string[]): Promise<Map<string, string>> {
  const ids = keys.filter((key) => key.length === 36);
  if (by === 'state' || ids.length === 0) return new Map();
  const table = {
    agent: sql`agents`,
    plan: sql`plans`,
    account: sql`(select id, name from provider_accounts union all select id, name || ' (removed)' from former_accounts) p`,
  }[by];
  const found = await rows(tx.db, sql<{ id: string; name: string }>`select id, name from ${table} where id = any(${ids}::uuid[])`);
  return new Map(found.map(({ id, name }) => [id, name]));
}

type SeriesInput = z.output<(typeof usageOperations)['series']['input']>;

interface SeriesRow extends Sums {
  bucket: number | null;
  /** The group's key; `other`: all that are not among the first. */
  part: string | null;
  rank: number | null;
  /** What is summed over: 0 nothing (a bucket's part), 1 the parts, 2 the buckets, 3 both. */
  level: number;
}

/**
 * Rows are first added up by bucket and key, which leaves few of them; then the greatest keys are found among those,
 * and each bucket, each group and the whole are summed.
 */
function seriesStatement(edges: number[], { groupBy, metric, top, ...scope }: SeriesInput) {
  return sql<SeriesRow>`with u as materialized (
      select width_bucket(u.at, ${edges.map(iso)}::timestamptz[]) as bucket, u.key, sum(u.executions) as executions, sum(u.attempts) as attempts,
        sum(u.execution_seconds) as execution_seconds, sum(u.input_tokens) as input_tokens, sum(u.output_tokens) as output_tokens, sum(u.cost_usd) as cost_usd, bool_or(u.simulated) as simulated
      from (select u.at, ${groupKey[groupBy]} as key, sum(u.executions) as executions, sum(u.attempts) as attempts,
          sum(u.execution_seconds) as execution_seconds, sum(u.input_tokens) as input_tokens, sum(u.output_tokens) as output_tokens, sum(u.cost_usd) as cost_usd, bool_or(u.simulated) as simulated
        from ${source(edges, scope)} group by 1, 2) u
      group by 1, 2
    ), first as (
      select ${keyText} as key, row_number() over (order by ${metricSum[metric]} desc, ${keyText}) as rank
      from u group by 1 having ${metricSum[metric]} > 0
    )
    select u.bucket, u.part, min(u.rank)::int as rank, grouping(u.bucket, u.part)::int as level, ${sums}
    from (select u.*, case when f.rank <= ${top} then f.key else 'other' end as part, f.rank from u left join first f on f.key = ${keyText}) u
    group by grouping sets ((u.bucket, u.part), (u.bucket), (u.part), ())`;
}

/** The groups of their own in their order, and last, where there are any, all others. */
async function groupsOf(tx: TenantTransaction, found: SeriesRow[], { groupBy, metric }: SeriesInput): Promise<UsageGroupTotal[]> {
  if (groupBy === 'none') return [];
  const parts = found.filter(({ level }) => level === 2).map((one) => ({ ...one, total: valueOf(metric, one) })).filter(({ total }) => total > 0);
  const own = parts.filter(({ part }) => part !== 'other').toSorted((a, b) => a.rank! - b.rank!);
  const names = await namesOf(tx, groupBy, own.map(({ part }) => part!));
  return [...own, ...parts.filter(({ part }) => part === 'other')].map(({ part, simulated, total }) => ({
    key: part!,
    name: names.get(part!) ?? null,
    simulated,
    total,
  }));
}

/** Usage over time; every bucket is there, also one in which nothing was used. */
export async function readSeries(tx: TenantTransaction, input: SeriesInput): Promise<UsageSeries> {
  checkMetric(input.groupBy, input.metric);
  const span = spanOf(input);
  const edges = edgesOf(input.bucket, span, input.timeZone);
  const found = await rows(tx.db, seriesStatement(edges, input));
  const groups = await groupsOf(tx, found, input);
  const whole = new Map(found.filter(({ level }) => level === 1).map((one) => [one.bucket, one]));
  const total = found.find(({ level }) => level === 3) ?? nothing;
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
    groups,
    points,
    total: toFigures(total),
    simulated: total.simulated,
    previous: await readPrevious(tx, input),
  };
}

async function readPrevious(tx: TenantTransaction, input: SeriesInput): Promise<UsageFigures | null> {
  if (!input.compareFrom || !input.compareTo) return null;
  const { from, to } = spanOf({ from: input.compareFrom, to: input.compareTo }, 'compareTo');
  const found = await row(tx.db, sql<Sums>`select ${sums} from ${source([from, to], input)}`);
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
        select ${keyText} as key, ${metricSum[input.metric]} as value, ${sums}
        from (select u.*, ${groupKey[input.by]} as key from ${source([from, to], input)}) u group by u.key ${claims}
      ) g) ranked ${seen} order by value desc, key desc limit ${input.limit + 1}`);
  const names = await namesOf(tx, input.by, found.map(({ key }) => key));
  return toPage(found, input.limit, {
    item: (one) => ({
      key: one.key,
      name: names.get(one.key) ?? null,
      simulated: one.simulated,
      ...toFigures(one),
      share: one.whole > 0 ? one.value / one.whole : 0,
    }),
    key: (one) => [one.value, one.key],
  });
}
