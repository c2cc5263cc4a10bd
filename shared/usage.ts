// Usage: what the current month has used, against its quota.
import { z } from 'zod';
import { operation } from './operation.ts';
import { empty, money, time } from './schema.ts';

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

export const usageOperations = {
  month: operation({
    kind: 'query',
    summary: 'Usage of the current month.',
    input: empty,
    output: usage,
    permission: 'usage:read',
    scope: 'usage:read',
    rest: { method: 'GET', path: '/api/usage', status: 200 },
  }),
};
