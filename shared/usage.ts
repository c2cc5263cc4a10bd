// Usage: what work has used, against the month's quota; over time, by who did it, and to the end of the month.
import { z } from 'zod';
import { operation } from './operation.ts';
import { empty, id, limit, money, cursor, page, time } from './schema.ts';

export const quota = z.object({
  /** Null: unlimited. */
  limit: z.number().int().nullable(),
  used: z.number().int(),
  remaining: z.number().int().nullable(),
  resetsAt: time,
});

export const usage = z.object({
  /** The month in UTC, `2026-11`. */
  period: z.string(),
  executions: z.number().int(),
  executionSeconds: z.number(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  costUsd: money,
  quota,
});
export type Usage = z.infer<typeof usage>;

/** What was used in a span: executions by when they were counted, all else by when attempts ended. */
export const usageFigures = z.object({
  executions: z.number().int(),
  attempts: z.number().int(),
  executionSeconds: z.number(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  costUsd: money,
});
export type UsageFigures = z.infer<typeof usageFigures>;

export const usageBuckets = ['hour', 'day', 'month'] as const;
export type UsageBucket = (typeof usageBuckets)[number];
/** The longest series of each, in buckets: what a screen can draw and a person can read. */
export const MOST_BUCKETS: Record<UsageBucket, number> = { hour: 400, day: 100, month: 36 };

export const usageMetrics = ['executions', 'attempts', 'seconds', 'tokens', 'cost'] as const;
export type UsageMetric = (typeof usageMetrics)[number];
export const usageGroups = ['none', 'agent', 'plan', 'account', 'state'] as const;
export type UsageGroup = (typeof usageGroups)[number];
/** What a breakdown is by; `account`: the provider account that attempts ran on. */
export const usageParts = ['agent', 'plan', 'account', 'state'] as const;
export type UsagePart = (typeof usageParts)[number];

/** A zone of the IANA database. */
export const timeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, 'Write a time zone of the IANA database, such as Europe/Berlin.')
  .describe('IANA time zone in which days begin');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const scope = {
  from: time.describe('Taken back to the full hour'),
  to: time.describe('The first moment after; taken on to the full hour'),
  agentId: id.optional(),
  planId: id.optional(),
  accountId: id.or(z.literal('none')).optional().describe('Of this provider account; "none": of external agents, which have none'),
};

const group = z.object({
  /** An id of an agent, plan or account, an outcome, `none` (of no plan or account), `other` (all that are not listed). */
  key: z.string(),
  /** Null for `none` and `other`, and for outcomes, which the reader words. */
  name: z.string().nullable(),
  /** Some of it no model did: it ran on a simulator. */
  simulated: z.boolean(),
  /** Of the metric asked for, over the whole span; money as dollars. */
  total: z.number(),
});
export type UsageGroupTotal = z.infer<typeof group>;

export const usageSeries = z.object({
  bucket: z.enum(usageBuckets),
  from: time,
  to: time,
  timeZone: z.string(),
  groupBy: z.enum(usageGroups),
  metric: z.enum(usageMetrics),
  groups: z.array(group),
  points: z.array(
    z.object({
      at: time,
      until: time,
      figures: usageFigures,
      /** Of the metric, one for each group; for drawing: money as dollars. */
      values: z.array(z.number()),
    }),
  ),
  total: usageFigures,
  /** Some of the span ran on a simulator. */
  simulated: z.boolean(),
  /** Of the span to compare with; null when none was asked for. */
  previous: usageFigures.nullable(),
});
export type UsageSeries = z.infer<typeof usageSeries>;

export const usageShare = usageFigures.extend({
  key: z.string(),
  name: z.string().nullable(),
  simulated: z.boolean(),
  /** Of the metric it is ordered by, 0 to 1. */
  share: z.number(),
});
export type UsageShare = z.infer<typeof usageShare>;

const expected = z.object({ expected: z.number(), low: z.number(), high: z.number() });
export const usageForecast = z.object({
  period: z.string(),
  resetsAt: time,
  limit: z.number().int().nullable(),
  used: z.number().int(),
  /** Full days (UTC) behind the forecast, and how many it takes. */
  days: z.number().int(),
  daysNeeded: z.number().int(),
  /** `weekdays`: each day as its weekday was; `mean`: all days alike; null: too little history for either. */
  method: z.enum(['weekdays', 'mean']).nullable(),
  /** At the end of the month, with the range in which four of five such months would end. */
  executions: expected.nullable(),
  costUsd: expected.nullable(),
  /** Some of the days behind the forecast, or of the month, ran on a simulator. */
  simulated: z.boolean(),
  /** When the quota is expected to be used up before the month ends, and when at the earliest; null: it is not. */
  runsOutAt: time.nullable(),
  runsOutEarliestAt: time.nullable(),
});
export type UsageForecast = z.infer<typeof usageForecast>;

const read = { permission: 'usage:read', scope: 'usage:read' } as const;

export const usageOperations = {
  month: operation({
    kind: 'query',
    summary: 'Usage of the current month.',
    input: empty,
    output: usage,
    ...read,
    rest: { method: 'GET', path: '/api/usage', status: 200 },
  }),
  series: operation({
    kind: 'query',
    summary: 'Usage over time: by the hour, by the day, or by the month in UTC as the quota is counted.',
    input: z.object({
      bucket: z.enum(usageBuckets),
      ...scope,
      timeZone: timeZone.default('UTC'),
      groupBy: z.enum(usageGroups).default('none'),
      metric: z.enum(usageMetrics).default('executions'),
      top: z.coerce.number().int().min(1).max(12).default(5).describe('Groups of their own; the others are one'),
      compareFrom: time.optional(),
      compareTo: time.optional(),
    }),
    output: usageSeries,
    ...read,
    rest: { method: 'GET', path: '/api/usage/series', status: 200 },
  }),
  breakdown: operation({
    kind: 'query',
    summary: 'Who used how much in a span: agents, plans, provider accounts or outcomes, the most first.',
    input: z.object({
      by: z.enum(usageParts),
      ...scope,
      metric: z.enum(usageMetrics).default('executions'),
      cursor: cursor.optional(),
      limit,
    }),
    output: page(usageShare),
    ...read,
    rest: { method: 'GET', path: '/api/usage/breakdown', status: 200 },
  }),
  forecast: operation({
    kind: 'query',
    summary: 'What the month is expected to come to, and when its quota would be used up.',
    input: empty,
    output: usageForecast,
    ...read,
    rest: { method: 'GET', path: '/api/usage/forecast', status: 200 },
  }),
};
