// Why a task does not run, from facts that were read in one transaction. Pure: the facts decide alone.
import { amountWords, budgetWords } from '../../shared/budget.ts';
import type { Blocking } from '../budgets/index.ts';
import type { AgentStatus, Presence } from '../../shared/agent.ts';
import type { PlanState } from '../../shared/plan.ts';
import type { TaskState } from '../../shared/task.ts';
import type { WhyFix, WhyReason } from '../../shared/why.ts';

export interface WhyAgent {
  id: string;
  version: number;
  name: string;
  kind: 'hosted' | 'external';
  status: AgentStatus;
  presence: Presence;
  hasProvider: boolean;
  /** Its provider account, where that takes no work now. */
  account: WhyAccount | null;
  running: number;
  concurrency: number;
  lastSeenAt: Date | null;
}

/** A provider account that takes nothing: until a time, or until it is mended. */
export interface WhyAccount {
  id: string;
  name: string;
  code: 'provider_cooling' | 'provider_breaker' | 'provider_refused';
  until: Date | null;
  /** What it said. */
  problem: string | null;
}

export interface WhyDependency {
  id: string;
  title: string;
  state: TaskState;
}

/** A limit that is reached; `of`: the queue's name, the account's id. */
export interface WhyLimit {
  code: 'workspace_limit' | 'queue_limit' | 'provider_limit';
  name: string;
  of: string;
  limit: number;
}

export interface WhyFacts {
  task: {
    id: string;
    state: TaskState;
    kind: 'work' | 'approval';
    waitReason: string | null;
    attempt: number;
    runAt: Date | null;
    heldBy: string | null;
    /** An execution was reserved for it already. */
    counted: boolean;
    capabilities: string[];
    error: string | null;
    startedAt: Date | null;
    agentName: string | null;
  };
  now: Date;
  workspace: { paused: boolean; pausedBy: string | null };
  plan: { id: string; name: string; state: PlanState } | null;
  /** Those that are not succeeded, the broken ones first. */
  dependencies: WhyDependency[];
  /** The agent that the task is given to; null: any that is able. */
  agent: WhyAgent | null;
  /** Agents in service that are able to take it; empty unless `agent` is null. */
  able: WhyAgent[];
  /** The queue's row, where it has one. */
  queue: { name: string; paused: boolean; pausedBy: string | null } | null;
  /** Limits that are reached. */
  limits: WhyLimit[];
  /** Budgets that have no room for its next attempt. */
  budgets: Blocking[];
  quota: { limit: number | null; remaining: number | null; resetsAt: string };
}

type Reason = Omit<WhyReason, 'taskId'>;

/** The reasons that hold the task itself back; what its dependencies wait for is theirs. */
export function explain(facts: WhyFacts): WhyReason[] {
  return reasonsOf(facts).map((reason) => ({ ...reason, taskId: facts.task.id }));
}

function reasonsOf(facts: WhyFacts): Reason[] {
  const { task } = facts;
  if (task.state === 'running') return [runningReason(facts)];
  if (task.state !== 'waiting' && task.state !== 'queued') return [endedReason(facts)];
  const before = [...planReasons(facts), ...dependencyReasons(facts)];
  if (task.kind === 'approval') return [...before, approvalReason(facts)];
  return [...before, ...workspaceReasons(facts), ...holdReasons(facts), ...timeReasons(facts), ...quotaReasons(facts), ...budgetReasons(facts), ...limitReasons(facts), ...agentReasons(facts)];
}

function runningReason({ task }: WhyFacts): Reason {
  return { code: 'running', message: `It runs now${task.agentName ? ` at ${task.agentName}` : ''}.` };
}

const endings: Record<Exclude<TaskState, 'waiting' | 'queued' | 'running'>, string> = {
  succeeded: 'It has ended: succeeded.',
  failed: 'It failed and has no attempts left.',
  cancelled: 'It was cancelled.',
  handed_off: 'It was handed off; its successor goes on.',
};

function endedReason({ task }: WhyFacts): Reason {
  const state = task.state as keyof typeof endings;
  const message = state === 'failed' && task.error ? `${endings.failed.slice(0, -1)}: “${task.error.slice(0, 300)}”.` : endings[state];
  const mended = state === 'failed' || state === 'cancelled';
  return { code: 'ended', message, ...(mended && { fix: retry(task.id) }) };
}

const retry = (id: string, label = 'Retry'): WhyFix => ({ operation: 'tasks.retry', input: { id }, label });

function planReasons({ plan }: WhyFacts): Reason[] {
  if (!plan || plan.state === 'running') return [];
  const about = { kind: 'plan', id: plan.id, name: plan.name } as const;
  const start = (label: string): WhyFix => ({ operation: 'plans.start', input: { id: plan.id }, label });
  switch (plan.state) {
    case 'draft':
      return [{ code: 'plan_not_started', message: `The plan “${plan.name}” is not started.`, about, fix: start('Start plan') }];
    case 'paused':
      return [{ code: 'plan_paused', message: `The plan “${plan.name}” is paused.`, about, fix: start('Resume plan') }];
    default:
      return [{ code: 'plan_ended', message: `The plan “${plan.name}” has ended: ${plan.state}.`, about }];
  }
}

/** Dependencies that are said one by one; the rest are counted. */
const SHOWN = 20;

function dependencyReasons({ task, dependencies }: WhyFacts): Reason[] {
  if (task.state !== 'waiting') return [];
  const broken = (one: WhyDependency) => one.state === 'failed' || one.state === 'cancelled';
  const shown = dependencies.slice(0, SHOWN).map((one): Reason => {
    const about = { kind: 'task', id: one.id, name: one.title } as const;
    if (!broken(one)) return { code: 'dependency', message: `It waits for “${one.title}”, which is ${one.state}.`, about };
    return {
      code: 'dependency_failed',
      message: `It depends on “${one.title}”, which ${one.state === 'failed' ? 'failed' : 'was cancelled'}.`,
      about,
      fix: retry(one.id, 'Retry that one'),
    };
  });
  const more = dependencies.length - shown.length;
  return more > 0 ? [...shown, { code: 'dependency', message: `It waits for ${more} more.` }] : shown;
}

function approvalReason({ task }: WhyFacts): Reason {
  const waits = task.waitReason === 'approval';
  return {
    code: 'approval',
    message: 'It is a gate: a person approves it, and what comes after goes on.',
    ...(waits && { fix: { operation: 'tasks.approve', input: { id: task.id }, label: 'Approve' } }),
  };
}

function workspaceReasons({ workspace }: WhyFacts): Reason[] {
  if (!workspace.paused) return [];
  const by = workspace.pausedBy ? ` by ${workspace.pausedBy}` : '';
  return [
    {
      code: 'workspace_paused',
      message: `The workspace is paused${by}: nothing new starts.`,
      fix: { operation: 'workspace.setPaused', input: { paused: false }, label: 'Resume workspace' },
    },
  ];
}

/** The person who holds the task or pauses its queue, and the queue's limit. */
function holdReasons({ task, queue }: WhyFacts): Reason[] {
  const reasons: Reason[] = [];
  if (queue?.paused) {
    const by = queue.pausedBy ? ` by ${queue.pausedBy}` : '';
    const fix: WhyFix = { operation: 'queues.update', input: { name: queue.name, paused: false }, label: `Resume queue ${queue.name}` };
    reasons.push({ code: 'queue_paused', message: `The queue “${queue.name}” is paused${by}.`, fix });
  }
  if (task.heldBy !== null) {
    const fix: WhyFix = { operation: 'tasks.setPaused', input: { id: task.id, paused: false }, label: 'Resume this task' };
    reasons.push({ code: 'task_held', message: `It is held by ${task.heldBy}.`, fix });
  }
  return reasons;
}

/** What runs is at a limit of the workspace, the queue or the provider account; only now, until one ends. */
function limitReasons({ limits }: WhyFacts): Reason[] {
  return limits.map((reached) => ({
    code: reached.code,
    message: `${reached.name} runs at most ${reached.limit} at the same time, and so many run now; one of them must end first.`,
    fix: raise(reached),
  }));
}

function raise({ code, of, limit }: WhyLimit): WhyFix {
  const maxRunning = limit + 1;
  switch (code) {
    case 'workspace_limit':
      return { operation: 'workspace.setLimits', input: { maxRunning }, label: `Raise the workspace’s limit to ${maxRunning}` };
    case 'queue_limit':
      return { operation: 'queues.update', input: { name: of, maxRunning }, label: `Raise the queue’s limit to ${maxRunning}` };
    case 'provider_limit':
      return { operation: 'providers.update', input: { id: of, maxRunning }, label: `Raise the account’s limit to ${maxRunning}` };
  }
}

function timeReasons({ task, now }: WhyFacts): Reason[] {
  if (task.runAt === null || task.runAt <= now) return [];
  const until = task.runAt.toISOString();
  return task.attempt > 0
    ? [{ code: 'retry_at', message: 'An attempt failed; it is tried again after its backoff.', until, fix: retry(task.id, 'Try it now') }]
    : [{ code: 'scheduled', message: 'It is scheduled for later.', until, fix: retry(task.id, 'Run it now') }];
}

/** Only a task that was never claimed needs an execution of the quota. */
function quotaReasons({ task, quota }: WhyFacts): Reason[] {
  if (task.counted || quota.limit === null || (quota.remaining ?? 0) > 0) return [];
  const message = `All ${quota.limit} executions of this month are used; the quota starts anew with the next month.`;
  return [{ code: 'quota', message, until: quota.resetsAt }];
}

function budgetReasons({ budgets }: WhyFacts): Reason[] {
  return budgets.map(({ budget, needs, enough }) => {
    const say = (amount: string): string => amountWords(budget.unit, amount);
    const held = budget.reserved === '0' ? '' : ` and ${say(budget.reserved)} held for attempts that run`;
    const next = budget.unit === 'usd' ? `; the next attempt needs ${say(needs)}` : '';
    const fix: WhyFix = {
      operation: 'budgets.update',
      input: { id: budget.id, amount: enough, edition: budget.edition },
      label: `Raise to ${say(enough)}`,
    };
    return {
      code: 'budget',
      message: `${budgetWords(budget)} has no room: ${say(budget.spent)} spent${held} of ${say(budget.amount)}${next}.`,
      about: { kind: 'budget', id: budget.id, name: budget.scope === 'workspace' ? 'the workspace' : budget.name },
      ...(budget.resetsAt !== null && { until: budget.resetsAt }),
      fix,
    };
  });
}

function agentReasons({ task, agent, able }: WhyFacts): Reason[] {
  if (agent !== null) {
    const hindrance = hindranceOf(agent);
    return hindrance === null ? [] : [agentReason(agent, hindrance)];
  }
  if (able.length === 0) return [noAbleAgent(task.capabilities)];
  const hindrances = able.map(hindranceOf);
  if (hindrances.includes(null)) return [];
  const sameAccount = able.every((one, index) => one.account !== null && hindrances[index] === one.account.code && one.account.id === able[0]!.account?.id);
  if (able.length === 1 || sameAccount) return [agentReason(able[0]!, hindrances[0]!)];
  return hindrances.includes('agent_busy')
    ? [{ code: 'able_agents_busy', message: `All ${able.length} agents that are able to take it are busy or away.` }]
    : [{ code: 'able_agents_unavailable', message: `All ${able.length} agents that are able to take it are paused, away, or wait for their provider.` }];
}

function noAbleAgent(capabilities: string[]): Reason {
  const message =
    capabilities.length === 0
      ? 'There is no agent in service.'
      : `No agent in service is entered with ${capabilities.join(', ')}.`;
  return { code: 'no_able_agent', message };
}

export type Hindrance = 'agent_paused' | 'agent_retired' | 'agent_without_provider' | 'agent_offline' | 'agent_busy' | WhyAccount['code'];

/** What keeps an agent from taking work; null: nothing. */
export function hindranceOf(agent: WhyAgent): Hindrance | null {
  if (agent.status === 'retired') return 'agent_retired';
  if (agent.status === 'paused') return 'agent_paused';
  if (agent.kind === 'hosted' && !agent.hasProvider) return 'agent_without_provider';
  if (agent.account !== null) return agent.account.code;
  if (agent.presence === 'offline') return 'agent_offline';
  return agent.running >= agent.concurrency ? 'agent_busy' : null;
}

/** The most that an agent may run at the same time, as shared/agent.ts has it. */
const MOST_CONCURRENCY = 1_000;

function agentReason(agent: WhyAgent, code: Hindrance): Reason {
  const about = { kind: 'agent', id: agent.id, name: agent.name } as const;
  const update = (input: object, label: string): WhyFix => ({ operation: 'agents.update', input: { id: agent.id, ...input }, label });
  switch (code) {
    case 'agent_retired':
      return { code, about, message: `${agent.name} is retired and takes no more work. Cancel this, or create it for another agent.` };
    case 'agent_paused':
      return { code, about, message: `${agent.name} is paused.`, fix: update({ status: 'active' }, `Resume ${agent.name}`) };
    case 'agent_without_provider':
      return { code, about, message: `${agent.name} has no provider account to run on.` };
    case 'provider_cooling':
    case 'provider_breaker':
    case 'provider_refused':
      return accountReason(agent.account!);
    case 'agent_offline': {
      const seen = agent.lastSeenAt ? 'is not heard any more' : 'has never connected';
      return { code, about, message: `${agent.name} is offline: its program ${seen}.` };
    }
    case 'agent_busy': {
      const more = agent.concurrency + 1;
      const message = `${agent.name} runs ${agent.running} of at most ${agent.concurrency}; ${agent.running === 1 ? 'that task' : 'one of them'} must end first.`;
      if (more > MOST_CONCURRENCY) return { code, about, message };
      return { code, about, message, fix: update({ concurrency: more, version: agent.version }, `Raise concurrency to ${more}`) };
    }
  }
}

/** What an account that takes nothing waits for; a test that goes well ends all but a rate that is used up. */
function accountReason({ id, name, code, until, problem }: WhyAccount): Reason {
  const about = { kind: 'provider', id, name } as const;
  const said = problem === null ? '' : ` It said: “${problem.slice(0, 300)}”`;
  const when = until && { until: until.toISOString() };
  const test: WhyFix = { operation: 'providers.test', input: { id }, label: `Test ${name} now` };
  const end = said === '' || /[.!?…]”$/.test(said) ? said : `${said}.`;
  switch (code) {
    case 'provider_cooling':
      return { code, about, message: `The rate of the provider account “${name}” is used up, and it cools down; no attempt was spent.`, ...when };
    case 'provider_breaker': {
      const next = until ? 'Nothing is sent to it for a while' : 'One task probes it now, and the others wait for that';
      return { code, about, message: `The provider account “${name}” failed too often in a row. ${next}.${end}`, ...when, fix: test };
    }
    case 'provider_refused':
      return { code, about, message: `The provider account “${name}” refuses us. Mend it, then test it.${end}`, fix: test };
  }
}
