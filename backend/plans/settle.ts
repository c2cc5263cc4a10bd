// What becomes of a plan when its tasks have changed: counts, its end, and its way back when one is retried.
import { canPlanTransition, type PlanState } from '../../shared/plan.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { changePlan, countTasks, lockPlan, type Counted, type PlanCounts } from './rows.ts';

/** The state that follows from the tasks; the present one where nothing follows that the table allows. */
export function nextState(state: PlanState, { counts, approvals }: Counted): PlanState {
  if (state === 'draft') return state;
  const active = counts.queued + counts.running + approvals > 0;
  const wanted = wantedState(state, counts, active);
  return canPlanTransition(state, wanted) ? wanted : state;
}

function wantedState(state: PlanState, counts: PlanCounts, active: boolean): PlanState {
  if (counts.succeeded === counts.total) return 'succeeded';
  // A retry: the plan goes on. One that is paused stays so.
  if (active) return state === 'paused' ? 'paused' : 'running';
  return counts.failed + counts.cancelled > 0 ? 'failed' : state;
}

const facts: Record<PlanState, string> = {
  draft: 'progressed',
  running: 'resumed',
  paused: 'paused',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
};

const same = (one: PlanCounts, other: PlanCounts) =>
  (Object.keys(one) as (keyof PlanCounts)[]).every((name) => one[name] === other[name]);

/** Looks again at plans of which a task has changed. Their rows are held first: each sees the other's change. */
export async function settlePlans(tx: TenantTransaction, ids: string[]): Promise<void> {
  for (const id of ids.toSorted()) {
    const plan = await lockPlan(tx, id);
    const counted = await countTasks(tx, id);
    const state = nextState(plan.state, counted);
    if (state !== plan.state) {
      if (state === 'running') tx.ready();
      await changePlan(tx, plan, { state, counts: counted.counts, fact: facts[state], action: facts[state] });
    } else if (!same(counted.counts, plan.counts)) {
      await changePlan(tx, plan, { state, counts: counted.counts, fact: 'progressed' });
    }
  }
}
