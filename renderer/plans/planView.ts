// A plan as its screen reads it: what can be done with it, its cards, and its floor in words.
import type { Plan, PlanNode, PlanState, PlanSummary } from '../../shared/plan.ts';
import { formatDuration, formatPlural } from '../components/format.ts';
import { shownState, type ShownState } from '../components/state.ts';
import type { GraphCard } from './PlanGraph.tsx';

export function cardOf(node: PlanNode): GraphCard {
  return {
    key: node.key,
    dependsOn: node.dependsOn,
    title: node.title,
    agent: node.kind === 'approval' ? 'a person' : node.agentName,
    simulated: node.simulated,
    state: shownState(node),
    startedAt: node.startedAt,
    timeLimitSeconds: node.timeLimitSeconds,
    handoffs: node.handoffs,
  };
}

/** What the buttons are, and in words why one of them is of no use now. */
export interface PlanActionsNow {
  start: { label: 'Start' | 'Resume'; shown: boolean };
  pause: boolean;
  cancel: string | null;
}
export function actionsNow(state: PlanState): PlanActionsNow {
  const ended = state === 'succeeded' || state === 'cancelled';
  return {
    start: { label: state === 'paused' ? 'Resume' : 'Start', shown: state === 'draft' || state === 'paused' },
    pause: state === 'running',
    cancel: ended ? `It has ${state === 'succeeded' ? 'succeeded' : 'been cancelled'} already.` : null,
  };
}

/** `floor 5 · 15 min each`. */
export function termsOf(plan: Pick<PlanSummary, 'minActive' | 'timeLimitSeconds'>): string {
  const floor = plan.minActive === 0 ? 'no floor' : `floor ${plan.minActive}`;
  return `${floor} · ${formatDuration(plan.timeLimitSeconds)} each`;
}

export interface FloorNote {
  tone: 'held' | 'below' | 'quiet';
  words: string;
}
/**
 * The floor as it is; with fewer running than it wants, the reason. That is nothing to look into where all that does not
 * run waits for what runs, as it is towards the end of every plan.
 */
export function floorNote({ floor, state, tasks }: Pick<Plan, 'floor' | 'state' | 'tasks'>): FloorNote | null {
  if (state === 'draft') return { tone: 'quiet', words: 'Nothing runs until you start it.' };
  if (state === 'paused')
    return {
      tone: 'quiet',
      words: `Paused: nothing new starts. ${formatPlural(floor.running, 'task')} still ${floor.running === 1 ? 'runs' : 'run'}.`,
    };
  if (state !== 'running') return null;
  if (floor.target === 0) return { tone: 'held', words: `${floor.running} running, no floor` };
  const words = `${floor.running} of floor ${floor.target} running`;
  if (floor.reason === null) return { tone: 'held', words };
  return { tone: isHeldUp(floor, tasks) ? 'below' : 'held', words: `${words}. ${floor.reason}` };
}

/** Something of it waits for a person, for a task that will not succeed, or for an agent that does not take it. */
function isHeldUp({ runnable, running }: Plan['floor'], tasks: Plan['tasks']): boolean {
  const stuck = tasks.some(({ state, waitReason }) => state === 'waiting' && (waitReason === 'approval' || waitReason === 'dependency_failed'));
  return stuck || tasks.filter(({ state }) => state === 'queued').length > runnable - running;
}

const partStates = ['succeeded', 'running', 'failed', 'cancelled'] as const satisfies readonly ShownState[];

/** The parts of a progress bar; what waits and is queued is the rest of it. */
export function progressParts(counts: PlanSummary['counts']): { state: ShownState; value: number }[] {
  return partStates.map((state) => ({ state, value: counts[state] }));
}

/** Seconds from its start to its end, or to now; null before. */
export function secondsOf(
  plan: Pick<PlanSummary, 'startedAt' | 'finishedAt' | 'state'>,
  now: number,
): number | null {
  if (plan.startedAt === null) return null;
  const end = plan.finishedAt === null ? now : Date.parse(plan.finishedAt);
  return Math.max(0, Math.floor((end - Date.parse(plan.startedAt)) / 1_000));
}
