// Work: what an agent does with a task, from claim to completion, fenced by the attempt's token.
import { z } from 'zod';
import { severities, finding } from './finding.ts';
import { operation } from './operation.ts';
import { id, largeText, line, money, nothing, TASK_TEXT_LIMIT, text, time } from './schema.ts';
import { task } from './task.ts';

/** Beyond it a report is a mistake: it is refused, and changes nothing. */
const MOST_ATTEMPT_USD = 1_000_000;

/** The total of the attempt so far, not what was added. */
export const attemptUsage = z.object({
  inputTokens: z.number().int().min(0).max(1e12).default(0),
  outputTokens: z.number().int().min(0).max(1e12).default(0),
  costUsd: money.refine((given) => Number(given) <= MOST_ATTEMPT_USD, 'An attempt costs at most 1,000,000 dollars.').default('0'),
});
export type AttemptUsage = z.infer<typeof attemptUsage>;

export const leaseToken = z.string().min(1, 'Send the lease token of the claim.').max(200);
const leased = z.object({ id, leaseToken });

export const handoff = z.object({ fromTaskId: id, notes: z.string() });

export const claimedTask = task.extend({
  /** Notes of the task that this one continues. */
  handoff: handoff.nullable(),
  /** Findings of the plan so far, newest first, at most 50. */
  sharedFindings: z.array(finding),
});
export type ClaimedTask = z.infer<typeof claimedTask>;

export const claim = z.object({
  task: claimedTask,
  lease: z.object({ token: z.string(), attempt: z.number().int(), expiresAt: time }),
});
export type Claim = z.infer<typeof claim>;

const work = { kind: 'mutation', permission: 'tasks:work', scope: 'agent', mcp: true } as const;
const door = (verb: string, status: 200 | 204 = 200) =>
  ({ method: 'POST', path: `/api/agent/tasks/:id/${verb}`, status }) as const;

export const workOperations = {
  claim: operation({
    ...work,
    summary: 'Claim the next task; waits up to waitSeconds for one. 204 when there is none.',
    input: z.object({
      waitSeconds: z.number().min(0).max(60).default(0),
      capabilities: z.array(line(60)).max(50).optional(),
      /** For a credential that is not bound to an agent. */
      agentId: id.optional(),
    }),
    output: claim.nullable(),
    rest: { method: 'POST', path: '/api/agent/claim', status: 200 },
  }),
  heartbeat: operation({
    ...work,
    summary: 'Renew the lease. `cancel` tells the agent to stop.',
    input: leased.extend({ usage: attemptUsage.optional() }),
    output: z.object({
      expiresAt: time,
      cancel: z.object({ reason: z.string() }).nullable(),
      /** Set once the attempt is near its time limit: finish, or hand off with notes before `deadline`. */
      warning: z.object({ code: z.literal('time_limit'), message: z.string(), deadline: time }).nullable(),
    }),
    rest: door('heartbeat'),
  }),
  progress: operation({
    ...work,
    summary: 'Report progress.',
    input: leased.extend({
      percent: z.number().min(0).max(100).optional(),
      message: text(500).optional(),
    }),
    output: nothing,
    rest: door('progress', 204),
  }),
  findings: operation({
    ...work,
    summary: 'Report a finding; it is shared with the other agents of the plan.',
    input: leased.extend({ title: line(200), body: text(50_000).default(''), severity: z.enum(severities) }),
    output: finding,
    rest: { method: 'POST', path: '/api/agent/tasks/:id/findings', status: 201 },
  }),
  complete: operation({
    ...work,
    summary: 'Complete the task with its output.',
    input: leased.extend({ output: largeText(TASK_TEXT_LIMIT), usage: attemptUsage.optional() }),
    output: task,
    rest: door('complete'),
    bodyLimit: 2_500_000,
  }),
  fail: operation({
    ...work,
    summary: 'Report that the attempt failed.',
    input: leased.extend({
      error: text(10_000).min(1, 'Say what went wrong.'),
      /** A name for the kind of error; the task's retry policy may say that it is not tried again. */
      code: line(60).default('agent_error'),
      retryable: z.boolean().default(true),
      usage: attemptUsage.optional(),
    }),
    output: task,
    rest: door('fail'),
  }),
  handoff: operation({
    ...work,
    summary: 'Stop, and leave notes to the agent that continues.',
    input: leased.extend({ notes: text(100_000), usage: attemptUsage.optional() }),
    output: task,
    rest: door('handoff'),
  }),
};
