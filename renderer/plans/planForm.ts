// The form over a preview: what can be changed before a plan is created, and the plan that comes of it.
import type { Agent } from '../../shared/agent.ts';
import { COORDINATOR } from '../../shared/agent.ts';
import type { PlanPreview, planInput } from '../../shared/plan.ts';
import type { z } from 'zod';

export type Runner =
  { kind: 'external' } | { kind: 'hosted'; accountId: string | null; model: string | null };

export interface PlanForm {
  name: string;
  minActive: number;
  timeLimitMinutes: number;
  /** Nothing is chosen for the person. */
  runner: Runner | null;
}

export function formOf({ plan }: PlanPreview): PlanForm {
  return {
    name: plan.name,
    minActive: plan.minActive,
    timeLimitMinutes: plan.timeLimitSeconds / 60,
    runner: null,
  };
}

/** What the workspace knows of the agent that a task names. */
export type Standing = 'new' | 'exists' | 'coordinator';

/** Names are the same whatever their case, as the backend has it. */
export function standingOf(agent: string | null, known: readonly Agent[]): Standing {
  if (agent === null || agent.toLowerCase() === COORDINATOR) return 'coordinator';
  const name = agent.toLowerCase();
  return known.some((one) => one.status !== 'retired' && one.name.toLowerCase() === name) ? 'exists' : 'new';
}

/** The agents that the plan would create, each once, as it is first spelled. */
export function newAgentsOf({ plan }: PlanPreview, known: readonly Agent[]): string[] {
  const names = new Map<string, string>();
  for (const { agent } of plan.tasks) {
    if (agent !== null && standingOf(agent, known) === 'new' && !names.has(agent.toLowerCase()))
      names.set(agent.toLowerCase(), agent);
  }
  return [...names.values()];
}

/** Whether somebody must say what runs the agents: new ones, or a coordinator that has no provider. */
export function needsRunner(preview: PlanPreview, known: readonly Agent[]): boolean {
  return newAgentsOf(preview, known).length > 0 || coordinatorLacks(preview, known) > 0;
}

/** How many tasks go to a coordinator that nothing runs yet. */
export function coordinatorLacks({ plan }: PlanPreview, known: readonly Agent[]): number {
  const coordinator = known.find((agent) => agent.builtIn);
  if (!coordinator || coordinator.kind !== 'hosted' || coordinator.provider !== null) return 0;
  return plan.tasks.filter(({ agent }) => standingOf(agent, known) === 'coordinator').length;
}

export type FormErrors = Partial<Record<'name' | 'minActive' | 'timeLimitMinutes' | 'runner', string>>;

export function checkForm(form: PlanForm, runnerNeeded: boolean): FormErrors {
  const errors: FormErrors = {};
  if (form.name.trim() === '') errors.name = 'Write something here.';
  if (form.name.trim().length > 200) errors.name = 'Shorten this to 200 characters.';
  if (!Number.isInteger(form.minActive) || form.minActive < 0 || form.minActive > 1_000)
    errors.minActive = 'Use 0 to 1000.';
  const seconds = Math.round(form.timeLimitMinutes * 60);
  if (!(seconds >= 1 && seconds <= 86_400)) errors.timeLimitMinutes = 'Use up to 1440 minutes.';
  if (runnerNeeded && form.runner === null) errors.runner = 'Choose what runs the new agents.';
  if (form.runner?.kind === 'hosted' && (form.runner.accountId === null || form.runner.model === null)) {
    errors.runner = 'Choose a provider account and a model, or add one.';
  }
  return errors;
}

/** The plan to create. Tasks that had the plan's own limit follow it; those with one of their own keep it. */
export function toPlanInput({ plan }: PlanPreview, form: PlanForm): z.input<typeof planInput> {
  const timeLimitSeconds = Math.round(form.timeLimitMinutes * 60);
  const { runner } = form;
  return {
    ...plan,
    name: form.name.trim(),
    minActive: form.minActive,
    timeLimitSeconds,
    tasks: plan.tasks.map((task) =>
      task.timeLimitSeconds === plan.timeLimitSeconds ? { ...task, timeLimitSeconds } : task,
    ),
    ...(runner?.kind === 'external' && { newAgents: { kind: 'external' as const } }),
    ...(runner?.kind === 'hosted' &&
      runner.accountId !== null &&
      runner.model !== null && {
        newAgents: {
          kind: 'hosted' as const,
          provider: { accountId: runner.accountId, model: runner.model },
        },
      }),
  };
}
