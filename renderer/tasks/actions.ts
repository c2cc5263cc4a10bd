// What a person can do with a task now, and why not; from the one table of transitions.
import { canTransition, isFinal, type TaskState, type TaskSummary } from '../../shared/task.ts';
import { assertNever } from '../../shared/errors.ts';

/** Null: it can be done. Otherwise the words for the tooltip. */
export interface Refusals {
  retry: string | null;
  cancel: string | null;
  approve: string | null;
}

export function refusalsOf(task: TaskSummary): Refusals {
  return {
    retry: task.state === 'queued' && task.runAt !== null ? null : retryRefusal(task.state),
    cancel: canTransition(task.state, 'cancelled') ? null : 'It has ended already.',
    approve: approveRefusal(task),
  };
}

function retryRefusal(state: TaskState): string | null {
  switch (state) {
    case 'failed':
    case 'cancelled':
      return null;
    case 'queued':
      return 'It is queued already.';
    case 'waiting':
      return 'It has not run yet. See what it waits for.';
    case 'running':
      return 'It is running.';
    case 'succeeded':
      return 'It has succeeded.';
    case 'handed_off':
      return 'Its successor goes on with the work. Retry that one.';
    default:
      return assertNever(state);
  }
}

function approveRefusal(task: TaskSummary): string | null {
  if (task.kind !== 'approval') return 'Only a gate is approved; an agent completes this task.';
  if (task.state === 'waiting' && task.waitReason === 'approval') return null;
  return isFinal(task.state) ? 'It has ended already.' : 'What comes before it is not done yet.';
}

/** What cancelling does, said before it is done. `dependents` null: not known. */
export function cancelConsequences(task: TaskSummary, dependents: number | null): string[] {
  if (isFinal(task.state)) return ['It has ended meanwhile. There is nothing left to cancel.'];
  const stop =
    task.state === 'running'
      ? `${task.agentName ?? 'The agent'} is told to stop at its next heartbeat; what it was writing is not kept.`
      : 'It will not be started.';
  const tail = 'Its attempts, findings and cost stay. You can retry it later.';
  if (dependents === null) return [stop, tail];
  const wait =
    dependents === 0
      ? 'No other task waits for it.'
      : `${dependents === 1 ? 'One task that depends' : `${dependents} tasks that depend`} on it will wait until it is retried and succeeds.`;
  return [stop, wait, tail];
}
