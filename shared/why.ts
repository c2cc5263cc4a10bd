// "Why is this not running?": the reasons, in the order in which they must go, each with what would mend it.
import { z } from 'zod';
import { id, time } from './schema.ts';

/** Every reason there is; a test produces each of them. */
export const whyCodes = [
  'running',
  'ended',
  'plan_not_started',
  'plan_paused',
  'plan_ended',
  'dependency_failed',
  'dependency',
  'approval',
  'workspace_paused',
  'queue_paused',
  'task_held',
  'retry_at',
  'scheduled',
  'quota',
  'budget',
  'workspace_limit',
  'queue_limit',
  'provider_limit',
  'provider_cooling',
  'provider_breaker',
  'provider_refused',
  'agent_paused',
  'agent_retired',
  'agent_without_provider',
  'agent_offline',
  'agent_busy',
  'no_able_agent',
  'able_agents_unavailable',
  'able_agents_busy',
] as const;
export type WhyCode = (typeof whyCodes)[number];

/** The operations that a reason may be taken away by. */
export const whyFixOperations = [
  'agents.update',
  'budgets.update',
  'plans.start',
  'providers.test',
  'providers.update',
  'queues.update',
  'tasks.approve',
  'tasks.retry',
  'tasks.setPaused',
  'workspace.setLimits',
  'workspace.setPaused',
] as const;

/** An operation of the table that takes the reason away, and its input as it is. */
export const whyFix = z.object({
  operation: z.enum(whyFixOperations),
  input: z.record(z.string(), z.unknown()),
  label: z.string(),
});
export type WhyFix = z.infer<typeof whyFix>;

/** What a reason speaks of, so that a screen can link to it. */
export const whySubject = z.object({ kind: z.enum(['task', 'agent', 'plan', 'provider', 'budget']), id, name: z.string() });
export type WhySubject = z.infer<typeof whySubject>;

export const whyReason = z.object({
  code: z.enum(whyCodes),
  /** One sentence, whole without the rest. */
  message: z.string(),
  /** When it goes by itself, where that is known. */
  until: time.optional(),
  fix: whyFix.optional(),
  about: whySubject.optional(),
  /** The task that it holds back: one that the asked task waits for, or the asked task itself. */
  taskId: id,
});
export type WhyReason = z.infer<typeof whyReason>;

export const why = z.object({
  /** True: nothing is in the way; it starts when those before it have been taken. */
  runnable: z.boolean(),
  /** Tasks that its agents take before it; null where something else than its turn is waited for. */
  ahead: z.number().int().nullable(),
  reasons: z.array(whyReason),
});
export type Why = z.infer<typeof why>;
