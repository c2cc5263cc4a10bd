// Billing: the plan of an organisation and the limits that come with it.
import { z } from 'zod';
import { operation } from './operation.ts';
import { empty, time } from './schema.ts';

export const billingPlans = ['starter', 'professional', 'enterprise'] as const;
export const billingPlan = z.enum(billingPlans);
export type BillingPlan = z.infer<typeof billingPlan>;

/** Null: unlimited. Executions are counted by the calendar month in UTC. */
export interface PlanLimits {
  agents: number | null;
  executionsPerMonth: number | null;
  members: number | null;
}

export const planLimits: Record<BillingPlan, PlanLimits> = {
  starter: { agents: 10, executionsPerMonth: 1_000, members: 3 },
  professional: { agents: 50, executionsPerMonth: 25_000, members: 25 },
  enterprise: { agents: null, executionsPerMonth: null, members: null },
};

export const limits = z.object({
  agents: z.number().int().nullable(),
  executionsPerMonth: z.number().int().nullable(),
  members: z.number().int().nullable(),
});

export const subscription = z.object({
  plan: billingPlan,
  status: z.enum(['active', 'past_due', 'cancelled']),
  currentPeriodEnd: time,
  limits,
});
export type Subscription = z.infer<typeof subscription>;

export const billingOperations = {
  subscription: operation({
    kind: 'query',
    summary: 'The plan of the organisation and its limits.',
    input: empty,
    output: subscription,
    permission: 'billing:read',
    rest: { method: 'GET', path: '/api/billing/subscription', status: 200 },
  }),
};
