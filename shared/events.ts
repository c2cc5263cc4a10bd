// Events: what changed, in commit order, as the live stream carries it from the database to the screen.
import { z } from 'zod';
import { agent } from './agent.ts';
import { budget } from './budget.ts';
import { bulkPlan } from './bulk-plan.ts';
import { finding } from './finding.ts';
import type { MetricSample } from './metric.ts';
import { planSummary } from './plan.ts';
import { reviewItemState, reviewSummary } from './review.ts';
import { id, time } from './schema.ts';
import { taskSummary } from './task.ts';
import { usage } from './usage.ts';
import { workspace } from './workspace.ts';

/** What each entity's event carries: the row as a list shows it. A key's and a member's row stay out. */
export const eventData = {
  task: taskSummary,
  agent,
  plan: planSummary,
  finding,
  workspace,
  usage,
  budget,
  provider: z.null(),
  price: z.null(),
  key: z.null(),
  bulk_plan: bulkPlan,
  queue: z.null(),
  schedule: z.null(),
  review: reviewSummary,
  review_item: reviewItemState,
} as const;
export type EventEntity = keyof typeof eventData;
export const eventEntities = Object.keys(eventData) as EventEntity[];

/** A fact in the past tense: `task.claimed`, `agent.paused`. */
export const liveEvent = z.object({
  seq: z.number().int(),
  at: time,
  type: z.string(),
  entity: z.enum(eventEntities),
  id,
  version: z.number().int(),
  data: z.unknown(),
});
export type LiveEvent = z.infer<typeof liveEvent>;

/** How the console stands to its backend; what the title bar's freshness shows. */
export type Freshness =
  /** `awake`: the computer was asleep, and what was missed is being caught up on. */
  | { state: 'connecting'; awake?: true }
  /** `awake`: it was just caught up on. */
  | { state: 'live'; seq: number; roundTripMs: number; awake?: true }
  | { state: 'stale'; since: string; reason: string };

/** What main sends to a window over its MessagePort. */
export type LiveMessage =
  | { kind: 'events'; events: LiveEvent[] }
  | { kind: 'resync' }
  | { kind: 'metrics'; sample: MetricSample }
  | { kind: 'freshness'; freshness: Freshness };
