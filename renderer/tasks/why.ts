// Why a task is not running, from what is known now; in the order in which the reasons must go. Pure.
import type { Agent } from '../../shared/agent.ts';
import type { PlanState } from '../../shared/plan.ts';
import type { TaskSummary } from '../../shared/task.ts';

export type Reason =
  | { code: 'plan_not_started' | 'plan_paused'; planId: string; planName: string }
  | { code: 'plan_ended'; planId: string; planName: string; state: PlanState }
  | { code: 'dependency_failed' | 'dependency'; tasks: TaskSummary[] }
  | { code: 'approval' }
  | { code: 'workspace_paused'; by: string | null }
  | { code: 'quota'; limit: number; resetsAt: string }
  | { code: 'retry_at' | 'scheduled'; at: string }
  | { code: 'agent_paused' | 'agent_retired' | 'agent_without_provider' | 'agent_offline' | 'agent_busy'; agent: Agent }
  | { code: 'agent_missing' }
  | { code: 'no_able_agent'; capabilities: string[] }
  | { code: 'able_agents_unavailable' | 'able_agents_busy'; agents: Agent[] }
  | { code: 'next'; agentName: string | null }
  | { code: 'unknown'; what: string[] };

/** What is known. `undefined`: not (yet); `null`: there is none. */
export interface Known {
  task: TaskSummary;
  dependencies: TaskSummary[] | undefined;
  plan: { id: string; name: string; state: PlanState } | null | undefined;
  workspace: { paused: boolean; pausedBy: string | null } | undefined;
  /** The agent that the task is given to. */
  agent: Agent | null | undefined;
  /** Every agent in service, for a task that any able one may take. */
  agents: readonly Agent[] | undefined;
  quota: { limit: number | null; remaining: number | null; resetsAt: string } | undefined;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Reasons for a task that waits or is queued; empty for one that runs or has ended. */
export function whyNotRunning(known: Known): Reason[] {
  const { task } = known;
  if (task.state !== 'waiting' && task.state !== 'queued') return [];
  if (task.state === 'waiting' && task.waitReason === 'approval') return [{ code: 'approval' }];
  const reasons = [
    ...planReasons(known),
    ...dependencyReasons(known),
    ...(task.kind === 'approval' ? [] : [...workspaceReasons(known), ...timeReasons(known), ...quotaReasons(known), ...agentReasons(known)]),
  ];
  if (task.state === 'waiting' && task.kind === 'approval') reasons.push({ code: 'approval' });
  const missing = unknownOf(known);
  if (missing.length > 0) return [...reasons, { code: 'unknown', what: missing }];
  return reasons.length > 0 ? reasons : [{ code: 'next', agentName: isOpen(task) ? null : task.agentName }];
}

/** Any able agent may take it. A task that was tried shows who tried it last, so its wanted capabilities decide. */
export function isOpen(task: TaskSummary): boolean {
  return task.agentId === null || task.capabilities.length > 0;
}

function planReasons({ task, plan }: Known): Reason[] {
  if (task.planId === null) return [];
  if (!plan) {
    if (task.waitReason !== 'plan_not_started') return [];
    return [{ code: 'plan_not_started', planId: task.planId, planName: 'its plan' }];
  }
  const named = { planId: plan.id, planName: plan.name };
  switch (plan.state) {
    case 'running':
      return [];
    case 'draft':
      return [{ code: 'plan_not_started', ...named }];
    case 'paused':
      return [{ code: 'plan_paused', ...named }];
    default:
      return [{ code: 'plan_ended', ...named, state: plan.state }];
  }
}

function dependencyReasons({ task, dependencies }: Known): Reason[] {
  if (task.state !== 'waiting') return [];
  const broken = (dependencies ?? []).filter(({ state }) => state === 'failed' || state === 'cancelled');
  const open = (dependencies ?? []).filter((one) => one.state !== 'succeeded' && !broken.includes(one));
  return [
    ...(broken.length > 0 ? [{ code: 'dependency_failed' as const, tasks: broken }] : []),
    ...(open.length > 0 ? [{ code: 'dependency' as const, tasks: open }] : []),
  ];
}

function workspaceReasons({ workspace }: Known): Reason[] {
  return workspace?.paused ? [{ code: 'workspace_paused', by: workspace.pausedBy }] : [];
}

function timeReasons({ task, now }: Known): Reason[] {
  if (task.runAt === null || Date.parse(task.runAt) <= now) return [];
  return [{ code: task.attempt > 0 ? 'retry_at' : 'scheduled', at: task.runAt }];
}

/** Only a task that was never claimed needs an execution of the quota. */
function quotaReasons({ task, quota }: Known): Reason[] {
  const counted = task.attempt > 0 || task.handoffs > 0;
  if (counted || !quota || quota.limit === null || (quota.remaining ?? 0) > 0) return [];
  return [{ code: 'quota', limit: quota.limit, resetsAt: quota.resetsAt }];
}

function agentReasons({ task, agent, agents }: Known): Reason[] {
  if (isOpen(task)) return agents === undefined ? [] : openReasons(task, agents);
  if (agent === undefined) return [];
  if (agent === null) return [{ code: 'agent_missing' }];
  const hindrance = hindranceOf(agent);
  return hindrance === null ? [] : [{ code: hindrance, agent }];
}

function openReasons(task: TaskSummary, agents: readonly Agent[]): Reason[] {
  const able = agents.filter((agent) => task.capabilities.every((needed) => agent.capabilities.includes(needed)));
  if (able.length === 0) return [{ code: 'no_able_agent', capabilities: task.capabilities }];
  const hindrances = new Set(able.map(hindranceOf));
  if (hindrances.has(null)) return [];
  return [{ code: hindrances.has('agent_busy') ? 'able_agents_busy' : 'able_agents_unavailable', agents: able }];
}

type Hindrance = 'agent_paused' | 'agent_retired' | 'agent_without_provider' | 'agent_offline' | 'agent_busy';

/** What keeps an agent from taking work; null: nothing. */
export function hindranceOf(agent: Agent): Hindrance | null {
  if (agent.status === 'retired') return 'agent_retired';
  if (agent.status === 'paused') return 'agent_paused';
  if (agent.kind === 'hosted' && agent.provider === null) return 'agent_without_provider';
  if (agent.presence === 'offline') return 'agent_offline';
  return agent.running >= agent.concurrency ? 'agent_busy' : null;
}

function unknownOf({ task, dependencies, plan, workspace, agent, agents, quota }: Known): string[] {
  const forAgents = task.kind === 'work';
  return [
    task.planId !== null && plan === undefined && 'its plan',
    task.state === 'waiting' && dependencies === undefined && 'what it depends on',
    forAgents && workspace === undefined && 'whether the workspace is paused',
    forAgents && !isOpen(task) && agent === undefined && 'its agent',
    forAgents && isOpen(task) && agents === undefined && 'the agents',
    forAgents && task.attempt === 0 && task.handoffs === 0 && quota === undefined && 'the quota',
  ].filter((part) => part !== false);
}
