// What one changed row does to each kind of loaded data. Pure: data in, data out, identity kept.
import type { Agent } from '../../shared/agent.ts';
import type { Budget } from '../../shared/budget.ts';
import type { BulkPlan } from '../../shared/bulk-plan.ts';
import type { Finding } from '../../shared/finding.ts';
import type { LaneBlock, Overview } from '../../shared/overview.ts';
import type { Plan, PlanNode } from '../../shared/plan.ts';
import type { Review, ReviewItem, ReviewItemState, ReviewSummary } from '../../shared/review.ts';
import type { Schedule } from '../../shared/schedule.ts';
import { parseSpan } from '../../shared/schema.ts';
import { needsAttention, type TaskChain, type TaskDetails, type TaskSummary } from '../../shared/task.ts';
import { mapRows, replaceRow, type Listed, type ListRules, type Patched } from './rows.ts';

type Input = Record<string, unknown>;

/** Newest first, by UUID version 7. */
const newestFirst = (a: { id: string }, b: { id: string }): number => (a.id === b.id ? 0 : a.id > b.id ? -1 : 1);

/**
 * Whether a task has an attempt that the filter asks for. A row shows its last attempt alone, so it can only say no,
 * where there was none in time yet; null: the backend can tell.
 */
function hasAttempt(input: Input, task: TaskSummary): boolean | null {
  const spans = [input.ended, input.started, input.counted].filter((given) => typeof given === 'string');
  if (spans.length === 0 && typeof input.outcome !== 'string' && typeof input.accountId !== 'string') return true;
  const tooLate = spans.some((given) => {
    const to = parseSpan(given)?.to;
    return to != null && Date.parse(task.createdAt) >= Date.parse(to);
  });
  const runsYet = typeof input.ended === 'string' && task.attempt === 1 && task.state === 'running';
  return task.attempt === 0 || tooLate || runsYet ? false : null;
}

function isWithin(span: string, time: string): boolean {
  const asked = parseSpan(span);
  if (asked === null) return true;
  const at = Date.parse(time);
  return (asked.from === null || at >= Date.parse(asked.from)) && (asked.to === null || at < Date.parse(asked.to));
}

export function taskRules(input: Input): ListRules<TaskSummary> {
  const states = typeof input.state === 'string' && input.state !== '' ? input.state.split(',') : null;
  const attention = input.attention === true || input.attention === 'true';
  return {
    order: newestFirst,
    belongs(task) {
      if (task.deletedAt !== null) return false;
      if (attention && !needsAttention(task)) return false;
      if (states && !states.includes(task.state)) return false;
      if (typeof input.planId === 'string' && (task.planId ?? 'none') !== input.planId) return false;
      if (typeof input.queue === 'string' && task.queue !== input.queue) return false;
      if (typeof input.created === 'string' && !isWithin(input.created, task.createdAt)) return false;
      if (typeof input.errorGroup === 'string' && task.errorGroup !== input.errorGroup) return false;
      if (input.chain === 'last' && task.succeededBy !== null) return false;
      // A row does not say which schedule made it.
      if (typeof input.scheduleId === 'string') return null;
      const attempted = hasAttempt(input, task);
      if (attempted !== true) return attempted;
      if (typeof input.agentId === 'string' && task.agentId !== input.agentId) return false;
      return typeof input.q === 'string' && input.q !== '' ? null : true;
    },
  };
}

/** The workspace's first, then as they were made. */
export function budgetRules(input: Input): ListRules<Budget> {
  const rank = ({ scope }: Budget): number => (scope === 'workspace' ? 0 : 1);
  const about = (budget: Budget, key: 'agentId' | 'planId'): boolean =>
    typeof input[key] !== 'string' || budget.scope === 'workspace' || budget[key] === input[key];
  return {
    order: (a, b) => rank(a) - rank(b) || (a.id === b.id ? 0 : a.id < b.id ? -1 : 1),
    belongs: (budget) => budget.removedAt === null && about(budget, 'agentId') && about(budget, 'planId'),
  };
}

export function agentRules(input: Input): ListRules<Agent> {
  const includeRetired = input.includeRetired === true || input.includeRetired === 'true';
  return {
    order: (a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1),
    belongs: (agent) => includeRetired || agent.status !== 'retired',
  };
}

export function bulkPlanRules(input: Input): ListRules<BulkPlan> {
  const confirmed = input.confirmed === true || input.confirmed === 'true';
  return { order: newestFirst, belongs: ({ state }) => !confirmed || state !== 'planned' };
}

export const planRules: ListRules<{ id: string }> = { order: newestFirst, belongs: () => true };

export function reviewRules(input: Input): ListRules<ReviewSummary> {
  return {
    order: newestFirst,
    belongs: (review) => input.state === undefined || review.state === input.state,
  };
}

/** The words of the checklist stay; what changes of an item comes with its event. */
export function patchReviewItem(review: Review, item: ReviewItemState): Review {
  if (item.reviewId !== review.id) return review;
  const items = replaceRow<ReviewItemState>(review.items, item) as ReviewItem[];
  return items === review.items ? review : { ...review, items };
}

export function findingRules(input: Input): ListRules<Finding> {
  return {
    order: newestFirst,
    belongs: (finding) =>
      (['planId', 'taskId', 'severity'] as const).every(
        (name) => input[name] === undefined || finding[name] === input[name],
      ),
  };
}

/** Of a chain the rows are patched; its attempts and totals come from the backend, and so does a successor. */
export function patchChain(chain: TaskChain, task: TaskSummary): Patched<TaskChain> {
  const index = chain.items.findIndex((item) => item.task.id === task.id);
  const item = chain.items[index];
  if (!item || item.task.version >= task.version) return { data: chain, stale: false };
  return { data: { ...chain, items: chain.items.with(index, { ...item, task }) }, stale: true };
}

/** How the task of a schedule's last run stands. */
export function patchLastRun(listed: Listed<Schedule>, task: TaskSummary): Listed<Schedule> {
  return mapRows(listed, (schedule) =>
    schedule.lastTaskId !== task.id || schedule.lastState === task.state ? schedule : { ...schedule, lastState: task.state },
  );
}

/** A row of its own: newer fields over the old ones, so that the long texts stay. */
export function patchOne<Row extends { id: string; version: number }>(
  row: Row,
  next: { id: string; version: number },
): Row {
  return row.id === next.id && row.version < next.version ? { ...row, ...next } : row;
}

/** Attempts, timeline and criteria come from the backend: the data is patched and marked. */
export function patchTaskDetails(details: TaskDetails, task: TaskSummary): Patched<TaskDetails> {
  const own = patchOne(details.task, task);
  const dependencies = replaceRow(details.dependencies, task);
  const dependents = replaceRow(details.dependents, task);
  if (own === details.task && dependencies === details.dependencies && dependents === details.dependents) {
    return { data: details, stale: false };
  }
  return { data: { ...details, task: own, dependencies, dependents }, stale: own !== details.task };
}

/** A node follows its chain of handoffs: the successor takes the place of the task it continues. */
export function patchPlanTask(plan: Plan, task: TaskSummary): Patched<Plan> {
  if (task.planId !== plan.id) return { data: plan, stale: false };
  const index = plan.tasks.findIndex((node) => node.id === task.id || node.key === task.planKey);
  const node = plan.tasks[index];
  if (!node) return { data: plan, stale: true };
  const newer = node.id === task.id ? task.version > node.version : task.handoffs > node.handoffs;
  if (!newer) return { data: plan, stale: false };
  const next: PlanNode = { ...node, ...task, output: node.id === task.id ? node.output : null };
  return { data: { ...plan, tasks: plan.tasks.with(index, next) }, stale: next.state !== node.state };
}

/** Findings are listed newest first, urgent ones a second time. */
export function patchPlanFinding(plan: Plan, finding: Finding): Plan {
  if (finding.planId !== plan.id) return plan;
  const findings = putFinding(plan.findings, finding);
  if (findings === plan.findings) return plan;
  const urgent = finding.severity === 'urgent';
  return { ...plan, findings, urgentIssues: urgent ? putFinding(plan.urgentIssues, finding) : plan.urgentIssues };
}

export function patchDetailsFinding(details: TaskDetails, finding: Finding): TaskDetails {
  if (finding.taskId !== details.task.id) return details;
  const findings = putFinding(details.findings, finding);
  return findings === details.findings ? details : { ...details, findings };
}

function putFinding(findings: Finding[], finding: Finding): Finding[] {
  if (findings.some((known) => known.id === finding.id)) return replaceRow(findings, finding);
  const index = findings.findIndex((known) => newestFirst(finding, known) < 0);
  return index < 0 ? [...findings, finding] : findings.toSpliced(index, 0, finding);
}

const BLOCKS_OF_A_LANE = 60;

/** Moves a task's block on its agent's lane at once; the figures come with the next answer. */
export function patchOverviewTask(overview: Overview, task: TaskSummary, at: string): Overview {
  const index = overview.lanes.findIndex((lane) => lane.agent.id === task.agentId);
  const lane = overview.lanes[index];
  if (!lane) return overview;
  const blocks = putBlock(lane.blocks, task, at);
  if (blocks === lane.blocks) return overview;
  return { ...overview, lanes: overview.lanes.with(index, { ...lane, blocks }) };
}

function putBlock(blocks: LaneBlock[], task: TaskSummary, at: string): LaneBlock[] {
  const index = blocks.findIndex((block) => block.taskId === task.id && block.attempt === task.attempt);
  const known = blocks[index];
  if (!known) {
    if (task.state !== 'running' || task.startedAt === null) return blocks;
    return [blockOf(task, task.startedAt), ...blocks].slice(0, BLOCKS_OF_A_LANE);
  }
  // An attempt that has ended stays as it ended; what follows is another attempt.
  if (known.finishedAt !== null || task.state === 'waiting' || task.state === 'running') return blocks;
  return blocks.with(index, { ...known, state: task.state, finishedAt: task.finishedAt ?? at });
}

function blockOf(task: TaskSummary, startedAt: string): LaneBlock {
  return {
    taskId: task.id,
    title: task.title,
    attempt: task.attempt,
    state: 'running',
    startedAt,
    finishedAt: null,
    timeLimitSeconds: task.timeLimitSeconds,
  };
}

export function patchOverviewAgent(overview: Overview, agent: Agent): Overview {
  const index = overview.lanes.findIndex((lane) => lane.agent.id === agent.id);
  const lane = overview.lanes[index];
  if (!lane || lane.agent.version >= agent.version) return overview;
  return { ...overview, lanes: overview.lanes.with(index, { ...lane, agent }) };
}
