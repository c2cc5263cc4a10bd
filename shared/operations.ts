// The one table of operations. tRPC, REST, OpenAPI, permissions and the test matrices all come from it.
import { agentOperations } from './agent.ts';
import { auditOperations } from './audit.ts';
import { bulkPlanOperations } from './bulk-plan.ts';
import { budgetOperations } from './budget.ts';
import { billingOperations } from './billing.ts';
import { checklistOperations } from './checklist.ts';
import { findingOperations } from './finding.ts';
import { authOperations, keyOperations, waitlistOperations } from './identity.ts';
import { metricOperations } from './metric.ts';
import type { Operation } from './operation.ts';
import { overviewOperations } from './overview.ts';
import { planOperations } from './plan.ts';
import { priceOperations } from './price.ts';
import { providerOperations } from './provider.ts';
import { queueOperations } from './queue.ts';
import { scheduleOperations } from './schedule.ts';
import { reviewOperations } from './review.ts';
import { taskOperations } from './task.ts';
import { usageOperations } from './usage.ts';
import { workOperations } from './work.ts';
import { workspaceOperations } from './workspace.ts';

export const operations = {
  auth: authOperations,
  keys: keyOperations,
  waitlist: waitlistOperations,
  workspace: workspaceOperations,
  agents: agentOperations,
  providers: providerOperations,
  prices: priceOperations,
  tasks: taskOperations,
  bulkPlans: bulkPlanOperations,
  queues: queueOperations,
  schedules: scheduleOperations,
  work: workOperations,
  findings: findingOperations,
  plans: planOperations,
  checklists: checklistOperations,
  reviews: reviewOperations,
  overview: overviewOperations,
  metrics: metricOperations,
  usage: usageOperations,
  budgets: budgetOperations,
  billing: billingOperations,
  audit: auditOperations,
} as const satisfies Record<string, Record<string, Operation>>;

export type Operations = typeof operations;
export type Noun = keyof Operations;

/** `tasks.create`, with the declaration behind the name. */
export interface NamedOperation {
  noun: Noun;
  verb: string;
  name: string;
  operation: Operation;
}

/** Every operation in the order of the table. */
export const allOperations: NamedOperation[] = Object.entries(operations).flatMap(([noun, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({
    noun: noun as Noun,
    verb,
    name: `${noun}.${verb}`,
    operation,
  })),
);
