// What each need says, and what a person can do about it in place. The order is the backend's: most urgent first.
import { assertNever } from '../../shared/errors.ts';
import { amountWords, budgetWords } from '../../shared/budget.ts';
import type { Need } from '../../shared/overview.ts';
import type { Target } from '../app/routes.ts';
import { formatCount, formatPlural } from '../components/format.ts';
import type { ShownState } from '../components/state.ts';

export type NeedAction =
  | { kind: 'acknowledge'; findingId: string }
  | { kind: 'approve'; taskId: string }
  | { kind: 'retry'; taskIds: string[]; label: string }
  | { kind: 'retry_group'; fingerprint: string; label: string }
  | { kind: 'open'; label: string; to: Target };

export interface NeedView {
  /** The same need keeps its key; when it comes up anew it has another. */
  key: string;
  shape: ShownState | 'urgent';
  /** The shape in words, for a screen reader. */
  kind: string;
  title: string;
  about: string[];
  simulated: boolean;
  to: Target | null;
  actions: NeedAction[];
  /** Where the time that matters lies ahead. */
  deadline: string | null;
  at: string;
}

type Part = Omit<NeedView, 'key' | 'at' | 'simulated' | 'deadline'> &
  Partial<Pick<NeedView, 'simulated' | 'deadline'>> & { id: string };

export function viewNeed(need: Need): NeedView {
  const { id, ...part } = partOf(need);
  return { simulated: false, deadline: null, ...part, at: need.at, key: `${need.kind} ${id} ${need.at}` };
}

function partOf(need: Need): Part {
  switch (need.kind) {
    case 'finding':
      return {
        id: need.findingId,
        shape: 'urgent',
        kind: 'Urgent finding',
        title: need.title,
        about: [need.agentName ?? 'an agent', 'urgent finding'],
        simulated: need.simulated,
        to: { place: 'findings', id: need.findingId },
        actions: [
          { kind: 'acknowledge', findingId: need.findingId },
          { kind: 'open', label: 'Open', to: { place: 'findings', id: need.findingId } },
        ],
      };
    case 'time_limit':
      return {
        id: need.taskId,
        shape: 'retrying',
        kind: 'Near its time limit',
        title: need.title,
        about: [need.agentName ?? 'an agent', 'near its time limit'],
        to: { place: 'tasks', id: need.taskId },
        actions: [{ kind: 'open', label: 'Open the task', to: { place: 'tasks', id: need.taskId } }],
        deadline: need.deadline,
      };
    case 'approval':
      return {
        id: need.taskId,
        shape: 'approval',
        kind: 'Needs approval',
        title: need.title,
        about: [need.planName === null ? 'gate' : `gate in “${need.planName}”`],
        to: { place: 'tasks', id: need.taskId },
        actions: [
          { kind: 'approve', taskId: need.taskId },
          { kind: 'open', label: 'Open', to: { place: 'tasks', id: need.taskId } },
        ],
      };
    case 'error_group':
      return {
        id: need.fingerprint,
        shape: 'failed',
        kind: 'Failed tasks',
        title: `${formatPlural(need.count, 'task')} failed: ${need.title}`,
        about: ['one error group'],
        to: failed(need),
        actions: [
          retryOf(need),
          { kind: 'open', label: 'Open', to: failed(need) },
        ],
      };
    case 'agent_offline':
      return agentPart(need, {
        kind: 'Offline',
        title: `${need.agentName} is offline`,
        label: 'How to connect',
        search: { connect: '1' },
      });
    case 'agent_without_provider':
      return agentPart(need, {
        kind: 'No provider',
        title: `${need.agentName} has no provider`,
        label: 'Open the agent',
      });
    case 'provider_refused': {
      const to: Target = { place: 'providers', id: need.accountId };
      return {
        id: need.accountId,
        shape: 'failed',
        kind: 'Provider refuses us',
        title: `${need.name} refuses us`,
        about: [need.message, ...(need.queued > 0 ? [`${formatPlural(need.queued, 'task')} ${need.queued === 1 ? 'waits' : 'wait'} for it`] : [])],
        to,
        actions: [{ kind: 'open', label: 'Mend it', to }],
      };
    }
    case 'budget':
      return budgetPart(need);
    case 'quota':
      return {
        id: String(need.limit),
        shape: 'paused',
        kind: 'Quota',
        title: `All ${formatCount(need.limit)} executions of this month are used`,
        about: ['nothing new is claimed until the quota resets'],
        to: { place: 'tasks', search: { state: 'queued' } },
        actions: [
          { kind: 'open', label: 'Show what is queued', to: { place: 'tasks', search: { state: 'queued' } } },
        ],
        deadline: need.resetsAt,
      };
    default:
      return assertNever(need);
  }
}

function budgetPart(need: Extract<Need, { kind: 'budget' }>): Part {
  const to: Target = { place: 'budgets', id: need.budgetId };
  return {
    id: need.budgetId,
    shape: need.exhausted ? 'failed' : 'retrying',
    kind: need.exhausted ? 'Budget used up' : 'Near a budget',
    title: `${budgetWords(need)} is ${need.exhausted ? 'used up' : 'nearly used up'}`,
    about: [`${amountWords(need.unit, need.spent)} of ${amountWords(need.unit, need.amount)}`],
    to,
    actions: [{ kind: 'open', label: need.exhausted ? 'Raise it' : 'Open', to }],
    deadline: need.resetsAt,
  };
}

/** One task is opened, a group is filtered. */
function failed({ count, fingerprint, taskIds: [only] }: { count: number; fingerprint: string; taskIds: string[] }): Target {
  return count === 1 && only !== undefined
    ? { place: 'tasks', id: only }
    : { place: 'tasks', search: { state: 'failed', errorGroup: fingerprint } };
}

/** A group that is known to its last task is tried again here; of a larger one, a frozen plan is looked at first. */
function retryOf({ taskIds, count, fingerprint }: { taskIds: string[]; count: number; fingerprint: string }): NeedAction {
  if (taskIds.length < count) return { kind: 'retry_group', fingerprint, label: `Retry all ${formatCount(count)}…` };
  return { kind: 'retry', taskIds, label: count === 1 ? 'Retry' : `Retry all ${count}` };
}

function agentPart(
  need: { agentId: string; queued: number },
  words: { kind: string; title: string; label: string; search?: Record<string, string> },
): Part {
  const to: Target = { place: 'agents', id: need.agentId };
  return {
    id: need.agentId,
    shape: 'waiting',
    kind: words.kind,
    title: words.title,
    about: [`${formatPlural(need.queued, 'task')} ${need.queued === 1 ? 'waits' : 'wait'} for it`],
    to,
    actions: [{ kind: 'open', label: words.label, to: { ...to, search: words.search } }],
  };
}
