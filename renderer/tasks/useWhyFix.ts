// What a fix of "why" does: the operation with the input that the backend named, said when it is done, with its way back.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { amountWords, budgetWords } from '../../shared/budget.ts';
import { assertNever } from '../../shared/errors.ts';
import type { Permission } from '../../shared/permissions.ts';
import type { ProviderTest } from '../../shared/provider.ts';
import type { WhyFix } from '../../shared/why.ts';
import { useApi } from '../app/api.ts';
import { formatCount } from '../components/format.ts';
import { notifyDone, notifyOutcome, notifyProblem } from '../components/notify.ts';
import { useUndo } from '../components/undo.tsx';
import type { TaskActions } from './useTaskActions.ts';

const permissions: Record<WhyFix['operation'], Permission> = {
  'agents.update': 'agents:operate',
  'budgets.update': 'budgets:write',
  'plans.start': 'plans:operate',
  'providers.test': 'providers:write',
  'providers.update': 'providers:write',
  'queues.update': 'tasks:operate',
  'tasks.setPaused': 'tasks:operate',
  'tasks.approve': 'tasks:operate',
  'tasks.retry': 'tasks:operate',
  'workspace.setLimits': 'workspace:write',
  'workspace.setPaused': 'workspace:operate',
};

/** Raising the concurrency is an edit of the agent, which needs more than resuming it. */
export const permissionOf = (fix: WhyFix): Permission => ('concurrency' in fix.input ? 'agents:write' : permissions[fix.operation]);

function sayTested({ ok, problem }: ProviderTest): void {
  if (ok) notifyDone('It answers. Work on it goes on.');
  else if (problem) notifyOutcome(problem.message, problem.fix);
}

/** A change by one operation, and what takes it back. */
interface Change {
  run(): Promise<unknown>;
  back(): Promise<unknown>;
  done: string;
  undone: string;
}

/** `name`: what the reason speaks of, such as the agent. */
export function useWhyFix(fix: WhyFix, name: string, actions: TaskActions): { run(): void; busy: boolean } {
  const api = useApi();
  const client = useQueryClient();
  const undo = useUndo();
  const pause = useMutation(api.workspace.setPaused.mutationOptions());
  const start = useMutation(api.plans.start.mutationOptions({ onError: notifyProblem }));
  const queue = useMutation(api.queues.update.mutationOptions());
  const hold = useMutation(api.tasks.setPaused.mutationOptions());
  const agent = useMutation(api.agents.update.mutationOptions());
  const test = useMutation(api.providers.test.mutationOptions({ onError: notifyProblem, onSuccess: sayTested }));
  const account = useMutation(api.providers.update.mutationOptions());
  const budget = useMutation(api.budgets.update.mutationOptions());
  const limits = useMutation(api.workspace.setLimits.mutationOptions());
  const { input } = fix;
  const id = String(input.id);

  const change = ({ run, back, done, undone }: Change): void => {
    run().then(() => undo.offer({ done, undone, undo: back }), notifyProblem);
  };
  // As the backend saw it: refused where somebody has changed the agent since. The way back is of what it is then.
  const seen = typeof input.version === 'number' ? { version: input.version } : {};
  /** A limit is raised by one. */
  const raise = (what: string, set: (limit: number, guard: { version?: number }) => Promise<unknown>): void => {
    const limit = Number(input.concurrency ?? input.maxRunning);
    const words = (most: number): string => `${what} runs at most ${formatCount(most)} at once.`;
    change({ run: () => set(limit, seen), back: () => set(limit - 1, {}), done: words(limit), undone: words(limit - 1) });
  };
  const resume = (what: string, set: (paused: boolean) => Promise<unknown>): void =>
    change({ run: () => set(false), back: () => set(true), done: `${what} goes on.`, undone: `${what} is paused again.` });
  const raiseBudget = async (): Promise<void> => {
    const before = await client.fetchQuery(api.budgets.get.queryOptions({ id }));
    const words = (amount: string): string => `${budgetWords(before)} is ${amountWords(before.unit, amount)}.`;
    const amount = String(input.amount);
    change({
      run: () => budget.mutateAsync({ ...input, id }),
      back: () => budget.mutateAsync({ id, amount: before.amount }),
      done: words(amount),
      undone: words(before.amount),
    });
  };

  const run = (): void => {
    switch (fix.operation) {
      case 'agents.update':
        return 'concurrency' in input
          ? raise(name, (concurrency, guard) => agent.mutateAsync({ id, concurrency, ...guard }))
          : resume(name, (paused) => agent.mutateAsync({ id, status: paused ? 'paused' : 'active' }));
      case 'budgets.update':
        return void raiseBudget().catch(notifyProblem);
      case 'plans.start':
        return start.mutate({ id });
      case 'providers.test':
        return test.mutate({ id });
      case 'providers.update':
        return raise(name, (maxRunning) => account.mutateAsync({ id, maxRunning }));
      case 'queues.update': {
        const of = String(input.name);
        return 'maxRunning' in input
          ? raise(`The queue “${of}”`, (maxRunning) => queue.mutateAsync({ name: of, maxRunning }))
          : resume(`The queue “${of}”`, (paused) => queue.mutateAsync({ name: of, paused }));
      }
      case 'tasks.setPaused':
        return resume('The task', (paused) => hold.mutateAsync({ id, paused }));
      case 'tasks.approve':
        return actions.askApproval(id);
      case 'tasks.retry':
        return actions.retry.mutate({ id });
      case 'workspace.setLimits':
        return raise('The workspace', (maxRunning) => limits.mutateAsync({ maxRunning }));
      case 'workspace.setPaused':
        return resume('Everything', (paused) => pause.mutateAsync({ paused }));
      default:
        return assertNever(fix.operation);
    }
  };
  const pending = [pause, start, agent, budget, queue, hold, test, account, limits].some((mutation) => mutation.isPending);
  const retrying = fix.operation === 'tasks.retry' && actions.retry.isPending && actions.retry.variables.id === id;
  return { run, busy: pending || retrying };
}
