// The form of a new task, and what it sends. Pure.
import type { z } from 'zod';
import type { taskInput } from '../../shared/task.ts';

export const takers = [
  { value: 'agent', label: 'One agent' },
  { value: 'able', label: 'Any with capabilities' },
  { value: 'any', label: 'Any agent' },
] as const;
export type Taker = (typeof takers)[number]['value'];

export interface TaskForm {
  title: string;
  instructions: string;
  taker: Taker;
  agentId: string | null;
  capabilities: string[];
  priority: number | string;
  /** Empty: the agent's. */
  timeLimitMinutes: number | string;
  maxAttempts: number | string;
  /** As `datetime-local` gives it, in the person's zone; empty: at once. */
  runAt: string;
}

export const emptyTask: TaskForm = {
  title: '',
  instructions: '',
  taker: 'agent',
  agentId: null,
  capabilities: [],
  priority: 5,
  timeLimitMinutes: '',
  maxAttempts: 3,
  runAt: '',
};

export function minutesError(value: number | string): string | null {
  if (value === '') return null;
  const minutes = Number(value);
  return minutes >= 1 / 60 && minutes <= 1_440 ? null : 'Write minutes, at most 1,440 (a day).';
}

/** Left empty, a figure is left to the backend's default. */
export function toTaskInput(form: TaskForm): z.input<typeof taskInput> {
  const figure = (value: number | string): number | undefined => (value === '' ? undefined : Number(value));
  const minutes = figure(form.timeLimitMinutes);
  return {
    title: form.title,
    instructions: form.instructions,
    ...(form.taker === 'agent' && form.agentId !== null && { agentId: form.agentId }),
    ...(form.taker === 'able' && { capabilities: form.capabilities }),
    priority: figure(form.priority),
    timeLimitSeconds: minutes === undefined ? undefined : Math.round(minutes * 60),
    maxAttempts: figure(form.maxAttempts),
    runAt: form.runAt === '' ? undefined : new Date(form.runAt).toISOString(),
  };
}
