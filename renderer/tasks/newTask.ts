// The form of a task that is to be made, and what it sends. Pure.
import type { z } from 'zod';
import { DEFAULT_QUEUE, defaultRetryPolicy, retryPolicy, taskInput, type RetryPolicy } from '../../shared/task.ts';
import { wordsOf } from '../components/form.ts';

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
  /** Empty: the default one. */
  queue: string;
  /** Empty, these three: as in the default policy. */
  retryAfterSeconds: number | string;
  retryFactor: number | string;
  retryMostSeconds: number | string;
  nonRetryable: string[];
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
  queue: '',
  retryAfterSeconds: '',
  retryFactor: '',
  retryMostSeconds: '',
  nonRetryable: [],
};

/** Whether something is chosen that the form shows only when asked. */
export function hasMore({ queue, retryAfterSeconds, retryFactor, retryMostSeconds, nonRetryable }: TaskForm): boolean {
  return [queue, retryAfterSeconds, retryFactor, retryMostSeconds].some((value) => value !== '') || nonRetryable.length > 0;
}

const { shape } = taskInput;
const policy = retryPolicy.shape;
const figureOf = (schema: typeof policy.factor) => (value: number | string) => (value === '' ? null : wordsOf(schema)(Number(value)));

/** What each field must be, in the words of the schema where it has them. */
export const taskRules = {
  title: wordsOf(shape.title),
  instructions: wordsOf(shape.instructions),
  agentId: (value: string | null, { taker }: TaskForm) =>
    taker === 'agent' && value === null ? 'Choose an agent, or let any able one take it.' : null,
  capabilities: (value: string[], { taker }: TaskForm) => (taker === 'able' && value.length === 0 ? 'Name at least one capability.' : null),
  timeLimitMinutes: minutesError,
  queue: (value: string) => (value.trim() === '' ? null : wordsOf(shape.queue)(value)),
  retryAfterSeconds: figureOf(policy.initialSeconds),
  retryFactor: figureOf(policy.factor),
  retryMostSeconds: figureOf(policy.maxSeconds),
  nonRetryable: wordsOf(policy.nonRetryable),
};

/** The fields under the backend's names. */
export const taskFields = [
  'title', 'instructions', 'agentId', 'capabilities', 'priority', 'timeLimitSeconds', 'maxAttempts', 'runAt', 'queue', 'retry',
];

/** Fields that have another unit, and so another name, on the screen. */
export function renamedTaskFields({ timeLimitSeconds, retry, ...errors }: Record<string, string>): Record<string, string> {
  return {
    ...errors,
    ...(timeLimitSeconds !== undefined && { timeLimitMinutes: timeLimitSeconds }),
    ...(retry !== undefined && { retryAfterSeconds: retry }),
  };
}

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
    ...(form.queue.trim() !== '' && { queue: form.queue.trim() }),
    ...retryOf(form, figure),
  };
}

function retryOf(form: TaskForm, figure: (value: number | string) => number | undefined): { retry?: z.input<typeof taskInput>['retry'] } {
  const { retryAfterSeconds, retryFactor, retryMostSeconds, nonRetryable } = form;
  const given = [retryAfterSeconds, retryFactor, retryMostSeconds].some((value) => value !== '') || nonRetryable.length > 0;
  if (!given) return {};
  return {
    retry: {
      initialSeconds: figure(retryAfterSeconds),
      factor: figure(retryFactor),
      maxSeconds: figure(retryMostSeconds),
      nonRetryable,
    },
  };
}

/** The form of a task that was written before, as of a schedule. */
export function taskFormOf(task: z.input<typeof taskInput>): TaskForm {
  const { agentId, capabilities = [], retry, queue } = task;
  const policyOf: Partial<RetryPolicy> = retry ?? {};
  const own = (name: 'initialSeconds' | 'factor' | 'maxSeconds'): number | string =>
    policyOf[name] === undefined || policyOf[name] === defaultRetryPolicy[name] ? '' : policyOf[name];
  return {
    ...emptyTask,
    title: task.title,
    instructions: task.instructions ?? '',
    taker: agentId === undefined ? (capabilities.length > 0 ? 'able' : 'any') : 'agent',
    agentId: agentId ?? null,
    capabilities,
    priority: task.priority ?? emptyTask.priority,
    timeLimitMinutes: task.timeLimitSeconds === undefined ? '' : Math.round((task.timeLimitSeconds / 60) * 100) / 100,
    maxAttempts: task.maxAttempts ?? emptyTask.maxAttempts,
    queue: queue === undefined || queue === DEFAULT_QUEUE ? '' : queue,
    retryAfterSeconds: own('initialSeconds'),
    retryFactor: own('factor'),
    retryMostSeconds: own('maxSeconds'),
    nonRetryable: policyOf.nonRetryable ?? [],
  };
}
