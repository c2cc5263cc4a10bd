// How an attempt ended: its word, and the state whose colour and shape it has.
import { assertNever } from '../../shared/errors.ts';
import type { AttemptOutcome } from '../../shared/task.ts';
import type { ShownState } from './state.ts';

export const outcomeWords: Record<AttemptOutcome, string> = {
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  lease_expired: 'Not heard in time',
  cancelled: 'Cancelled',
  handed_off: 'Handed off',
  released: 'Put back',
};

/** The state whose colour and shape an outcome has. */
export function outcomeState(outcome: AttemptOutcome): ShownState {
  switch (outcome) {
    case 'lease_expired':
      return 'failed';
    case 'released':
      return 'queued';
    case 'running':
    case 'succeeded':
    case 'failed':
    case 'cancelled':
    case 'handed_off':
      return outcome;
    default:
      return assertNever(outcome);
  }
}
