// Gathers what is known about a task that does not run, and says why.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TaskSummary } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { useNow } from '../components/now.tsx';
import { isOpen, whyNotRunning, type Reason } from './why.ts';

/** What counts down does so each second; the rest need not. */
function ticks(task: TaskSummary): boolean {
  return task.state === 'queued' && task.runAt !== null;
}

export function useWhy(task: TaskSummary, dependencies: TaskSummary[] | undefined): Reason[] {
  const api = useApi();
  const now = useNow(ticks(task) ? 1_000 : null);
  const held = task.state === 'waiting' || task.state === 'queued';
  const open = isOpen(task);
  const workspace = useQuery(api.workspace.get.queryOptions({}, { enabled: held }));
  const usage = useQuery(api.usage.month.queryOptions({}, { enabled: held }));
  const agent = useQuery(api.agents.get.queryOptions({ id: task.agentId ?? '' }, { enabled: held && !open }));
  const agents = useQuery(api.agents.list.queryOptions({ limit: 200 }, { enabled: held && open }));
  const plans = useQuery(api.plans.list.queryOptions({ limit: 200 }, { enabled: held && task.planId !== null }));
  const listed = plans.data?.items.find((plan) => plan.id === task.planId);
  // Beyond the newest 200 plans.
  const beyond = useQuery(
    api.plans.get.queryOptions({ id: task.planId ?? '' }, { enabled: held && plans.isSuccess && task.planId !== null && !listed }),
  );
  const plan = task.planId === null ? null : (listed ?? beyond.data);
  const quota = usage.data?.quota;
  return useMemo(
    () =>
      whyNotRunning({
        task,
        dependencies,
        plan,
        workspace: workspace.data,
        agent: agent.data,
        agents: agents.data?.items,
        quota,
        now,
      }),
    [task, dependencies, plan, workspace.data, agent.data, agents.data, quota, now],
  );
}
