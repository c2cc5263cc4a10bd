// Events into loaded data: pure `applyEvents(entries, events)`. What it cannot settle it marks for a refetch.
import type { Agent } from '../../shared/agent.ts';
import type { Budget } from '../../shared/budget.ts';
import type { BulkPlan } from '../../shared/bulk-plan.ts';
import type { LiveEvent } from '../../shared/events.ts';
import type { Finding } from '../../shared/finding.ts';
import { assertNever } from '../../shared/errors.ts';
import type { Overview } from '../../shared/overview.ts';
import type { Plan, PlanSummary } from '../../shared/plan.ts';
import type { Review, ReviewItemState, ReviewSummary } from '../../shared/review.ts';
import type { Schedule } from '../../shared/schedule.ts';
import type { TaskChain, TaskDetails, TaskSummary } from '../../shared/task.ts';
import {
  agentRules,
  budgetRules,
  findingRules,
  patchChain,
  patchDetailsFinding,
  patchLastRun,
  patchOne,
  patchOverviewAgent,
  patchOverviewTask,
  patchPlanFinding,
  patchPlanTask,
  patchReviewItem,
  patchTaskDetails,
  bulkPlanRules,
  planRules,
  reviewRules,
  taskRules,
} from './patch.ts';
import { patchList, type Listed, type Patched, type Versioned } from './rows.ts';

/** One loaded query: `path` is the operation's name, `data` what the screen shows. */
export interface CacheEntry {
  path: string;
  input: Record<string, unknown>;
  data: unknown;
}

/** Applies events in their order; `data` keeps its identity where nothing changed. */
export function applyEvents(entry: CacheEntry, events: LiveEvent[]): Patched<unknown> {
  let data = entry.data;
  let stale = false;
  for (const event of events) {
    const patched = applyEvent({ ...entry, data }, event);
    data = patched.data;
    stale ||= patched.stale;
  }
  return { data, stale };
}

/** What may change why a task does not run. */
const whyEntities = new Set<LiveEvent['entity']>(['task', 'agent', 'plan', 'workspace', 'usage', 'budget', 'provider', 'queue']);

function applyEvent(entry: CacheEntry, event: LiveEvent): Patched<unknown> {
  // Whatever changed has an entry there.
  if (entry.path === 'audit.head') return mark(entry);
  if (entry.path === 'tasks.why') return whyEntities.has(event.entity) ? mark(entry) : keep(entry);
  switch (event.entity) {
    case 'task':
      return applyTask(entry, event.data as TaskSummary | null, event);
    case 'agent':
      // Who runs on an account; how busy it is does not matter there.
      if (entry.path.startsWith('providers.')) return event.type === 'agent.presence_changed' ? keep(entry) : mark(entry);
      return applyAgent(entry, event.data as Agent | null);
    case 'plan':
      return applyPlan(entry, event.data as PlanSummary | null, event);
    case 'finding':
      return applyFinding(entry, event.data as Finding | null, event);
    case 'workspace':
      return entry.path === 'workspace.get' ? replaced(entry, event.data as Versioned) : keep(entry);
    case 'usage':
      if (entry.path === 'usage.month') return { data: event.data ?? entry.data, stale: event.data === null };
      return entry.path === 'overview.get' ? mark(entry) : keep(entry);
    case 'budget':
      return applyBudget(entry, event.data as Budget | null);
    case 'provider':
      return entry.path.startsWith('providers.') || entry.path === 'overview.get' ? mark(entry) : keep(entry);
    case 'price':
      return /^(providers|prices)\./.test(entry.path) ? mark(entry) : keep(entry);
    case 'key':
      return entry.path.startsWith('keys.') ? mark(entry) : keep(entry);
    case 'bulk_plan':
      return applyBulkPlan(entry, event.data as BulkPlan | null);
    case 'queue':
      return entry.path.startsWith('queues.') ? mark(entry) : keep(entry);
    case 'schedule':
      return entry.path.startsWith('schedules.') ? mark(entry) : keep(entry);
    case 'review':
      return applyReview(entry, event.data as ReviewSummary | null, event);
    case 'review_item':
      return applyReviewItem(entry, event.data as ReviewItemState | null);
    default:
      return assertNever(event.entity);
  }
}

const keep = (entry: CacheEntry): Patched<unknown> => ({ data: entry.data, stale: false });
const mark = (entry: CacheEntry): Patched<unknown> => ({ data: entry.data, stale: true });
const patch = (data: unknown): Patched<unknown> => ({ data, stale: false });

function replaced(entry: CacheEntry, row: Versioned | null): Patched<unknown> {
  if (!row) return mark(entry);
  return patch(patchOne(entry.data as Versioned, row));
}

/** What begins or ends an attempt, and so changes what was used. */
const usageFacts = new Set(
  ['claimed', 'succeeded', 'attempt_failed', 'failed', 'lease_expired', 'handed_off', 'cancelled', 'released', 'stopped_by_budget'].map((fact) => `task.${fact}`),
);

/** What puts a task into a group of errors, or takes it out. */
const groupFacts = new Set(['failed', 'retried', 'queued', 'deleted', 'restored', 'cancelled'].map((fact) => `task.${fact}`));

function applyBudget(entry: CacheEntry, budget: Budget | null): Patched<unknown> {
  if (entry.path === 'overview.get') return mark(entry);
  if (!entry.path.startsWith('budgets.')) return keep(entry);
  if (!budget) return mark(entry);
  switch (entry.path) {
    case 'budgets.get':
      return replaced(entry, budget);
    case 'budgets.list':
      return patchList(entry.data as Listed<Budget>, budget, budgetRules(entry.input));
    default:
      // Those it has stopped: fetched, as who they are is not in the event.
      return entry.input.id === budget.id ? mark(entry) : keep(entry);
  }
}

function applyBulkPlan(entry: CacheEntry, plan: BulkPlan | null): Patched<unknown> {
  if (!entry.path.startsWith('bulkPlans.')) return keep(entry);
  if (!plan) return mark(entry);
  switch (entry.path) {
    case 'bulkPlans.get':
      return replaced(entry, plan);
    case 'bulkPlans.list':
      return patchList(entry.data as Listed<BulkPlan>, plan, bulkPlanRules(entry.input));
    default:
      // Its rows: fetched, as what became of each is not in the event.
      return entry.input.id === plan.id ? mark(entry) : keep(entry);
  }
}

function applyTask(entry: CacheEntry, task: TaskSummary | null, event: LiveEvent): Patched<unknown> {
  if (/^(usage|providers)\./.test(entry.path)) return usageFacts.has(event.type) ? mark(entry) : keep(entry);
  if (!task) return /^(tasks|plans|overview)\./.test(entry.path) ? mark(entry) : keep(entry);
  switch (entry.path) {
    case 'queues.list':
      return mark(entry);
    case 'schedules.list':
      return patch(patchLastRun(entry.data as Listed<Schedule>, task));
    case 'tasks.list':
      return patchList(entry.data as Listed<TaskSummary>, task, taskRules(entry.input));
    case 'tasks.get':
      return patch(patchOne(entry.data as TaskSummary, task));
    case 'tasks.details':
      return patchTaskDetails(entry.data as TaskDetails, task);
    case 'tasks.count':
      return mark(entry);
    case 'tasks.errorGroups':
      return groupFacts.has(event.type) ? mark(entry) : keep(entry);
    case 'tasks.chain':
      return patchChain(entry.data as TaskChain, task);
    case 'plans.get':
      return patchPlanTask(entry.data as Plan, task);
    case 'plans.report':
      return entry.input.id === task.planId ? mark(entry) : keep(entry);
    case 'overview.get':
      return { data: patchOverviewTask(entry.data as Overview, task, event.at), stale: true };
    default:
      return keep(entry);
  }
}

function applyAgent(entry: CacheEntry, agent: Agent | null): Patched<unknown> {
  if (!agent) return /^(agents|overview)\./.test(entry.path) ? mark(entry) : keep(entry);
  switch (entry.path) {
    case 'agents.list':
      return patchList(entry.data as Listed<Agent>, agent, agentRules(entry.input));
    case 'agents.get':
      return patch(patchOne(entry.data as Agent, agent));
    case 'overview.get':
      return { data: patchOverviewAgent(entry.data as Overview, agent), stale: true };
    default:
      return keep(entry);
  }
}

function applyPlan(entry: CacheEntry, plan: PlanSummary | null, event: LiveEvent): Patched<unknown> {
  if (!plan) return /^(plans|overview)\./.test(entry.path) ? mark(entry) : keep(entry);
  switch (entry.path) {
    case 'plans.list':
      return patchList(entry.data as Listed<PlanSummary>, plan, planRules);
    case 'plans.get': {
      const data = patchOne(entry.data as Plan, plan);
      return { data, stale: data !== entry.data };
    }
    case 'plans.report':
      return entry.input.id === event.id ? mark(entry) : keep(entry);
    case 'overview.get':
      return mark(entry);
    default:
      return keep(entry);
  }
}

function applyFinding(entry: CacheEntry, finding: Finding | null, event: LiveEvent): Patched<unknown> {
  if (!finding) return /^(findings|overview|plans|tasks\.details)/.test(entry.path) ? mark(entry) : keep(entry);
  switch (entry.path) {
    case 'findings.list':
      return patchList(entry.data as Listed<Finding>, finding, findingRules(entry.input));
    case 'tasks.details':
      return patch(patchDetailsFinding(entry.data as TaskDetails, finding));
    case 'plans.get':
      return patch(patchPlanFinding(entry.data as Plan, finding));
    case 'plans.report':
      return entry.input.id === finding.planId && event.id === finding.id ? mark(entry) : keep(entry);
    case 'overview.get':
      return mark(entry);
    default:
      return keep(entry);
  }
}

function applyReview(entry: CacheEntry, review: ReviewSummary | null, event: LiveEvent): Patched<unknown> {
  if (!review) return /^(reviews|overview)\./.test(entry.path) ? mark(entry) : keep(entry);
  switch (entry.path) {
    case 'reviews.list':
      return patchList(entry.data as Listed<ReviewSummary>, review, reviewRules(entry.input));
    case 'reviews.get':
      return patch(patchOne(entry.data as Review, review));
    case 'reviews.report':
      return entry.input.id === event.id ? mark(entry) : keep(entry);
    case 'overview.get':
      return mark(entry);
    default:
      return keep(entry);
  }
}

function applyReviewItem(entry: CacheEntry, item: ReviewItemState | null): Patched<unknown> {
  if (!item) return entry.path.startsWith('reviews.') ? mark(entry) : keep(entry);
  switch (entry.path) {
    case 'reviews.get':
      return patch(patchReviewItem(entry.data as Review, item));
    case 'reviews.report':
      return entry.input.id === item.reviewId ? mark(entry) : keep(entry);
    default:
      return keep(entry);
  }
}
