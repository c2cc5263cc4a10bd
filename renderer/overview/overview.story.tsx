// The overview: a busy evening, an empty workspace, sixty lanes, everything paused, and the ways it can fail.
import type { Agent } from '../../shared/agent.ts';
import type { Lane, LaneBlock, Need, Overview } from '../../shared/overview.ts';
import { emptyWorkspace, failing, pending } from '../stories/bridge.ts';
import {
  agents,
  createRandom,
  meAs,
  overview,
  secondsAgo,
  secondsAhead,
  uuid,
  workspace,
} from '../stories/fixtures.ts';
import { defineStories } from '../stories/story.ts';

const cycle = <Item,>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;
const blocks = overview.lanes.flatMap((lane) => lane.blocks);

/** Sixty agents, some with three attempts at once. */
function manyLanes(count: number): Lane[] {
  const random = createRandom(77);
  return Array.from({ length: count }, (_, index): Lane => {
    const base = cycle(agents, index);
    const agent: Agent = {
      ...base,
      id: uuid('b', 500 + index),
      name: `${base.name}-${index + 1}`,
      builtIn: false,
    };
    const running = index % 3 === 0 ? 1 + (index % 4) : 0;
    const ended = Array.from({ length: 3 + (index % 5) }, (_, block): LaneBlock => {
      const from = 1_700 - block * 300 - random() * 120;
      return {
        ...cycle(blocks, index * 7 + block),
        attempt: block + 1,
        taskId: uuid('5', index * 100 + block),
        startedAt: secondsAgo(from),
        finishedAt: secondsAgo(Math.max(1, from - 40 - random() * 260)),
        state: cycle(['succeeded', 'succeeded', 'failed', 'handed_off', 'cancelled'] as const, index + block),
      };
    });
    const now = Array.from({ length: running }, (_, block): LaneBlock => ({
      ...cycle(blocks, index + block),
      taskId: uuid('6', index * 10 + block),
      state: 'running',
      startedAt: secondsAgo(Math.round(random() * 880)),
      finishedAt: null,
    }));
    return { agent, blocks: [...now, ...ended], queued: index % 6, waiting: index % 2 };
  });
}

const many: Overview = {
  ...overview,
  figures: {
    ...overview.figures,
    activeAgents: 20,
    floor: 40,
    agents: 412,
    failedLastHour: 1_204,
    attemptsFailedLastHour: 12_204,
    executions: 1_204_118,
    executionsLimit: null,
    waitP95Seconds: 4_265,
    costTodayUsd: '12840.75',
    tasks: {
      waiting: 9_211,
      queued: 120_337,
      running: 36,
      succeeded: 1_048_576,
      failed: 14_002,
      cancelled: 600,
      handed_off: 91,
    },
    retrying: 3_204,
  },
  lanes: manyLanes(60),
  needs: [
    ...overview.needs,
    {
      kind: 'agent_without_provider',
      at: secondsAgo(3_000),
      agentId: agents[1]?.id ?? '',
      agentName: 'a-very-long-agent-name-that-somebody-chose-without-thinking-of-lists',
      queued: 1,
    } satisfies Need,
    { kind: 'budget', at: secondsAgo(700), budgetId: agents[2]?.id ?? '', name: agents[2]?.name ?? '', scope: 'agent', period: 'day', unit: 'usd', spent: '4.91', amount: '5', exhausted: true, resetsAt: secondsAhead(31_000) } satisfies Need,
    { kind: 'budget', at: secondsAgo(7_000), budgetId: agents[3]?.id ?? '', name: 'Northwind Robotics', scope: 'workspace', period: 'month', unit: 'executions', spent: '18204', amount: '20000', exhausted: false, resetsAt: null } satisfies Need,
    { kind: 'quota', at: secondsAgo(9_000), limit: 25_000, resetsAt: secondsAhead(900_000) } satisfies Need,
  ],
  throughput: overview.throughput.map((part, index) => ({
    ...part,
    succeeded: part.succeeded * 31,
    failed: index > 20 ? part.succeeded * 30 : part.failed,
  })),
};

export const stories = defineStories('overview', {
  some: { path: '/overview' },
  day: { path: '/overview?window=1440' },
  many: { path: '/overview', handlers: { 'overview.get': () => many } },
  calm: {
    path: '/overview',
    handlers: {
      'overview.get': () => ({
        ...overview,
        needs: [],
        throughput: overview.throughput.map((part) => ({ ...part, succeeded: 0, failed: 0 })),
      }),
    },
  },
  paused: {
    path: '/overview',
    handlers: {
      'workspace.get': () => ({
        ...workspace,
        paused: true,
        pausedAt: secondsAgo(260),
        pausedBy: 'Mara Keller',
      }),
    },
  },
  empty: { path: '/overview', handlers: emptyWorkspace },
  loading: {
    path: '/overview',
    handlers: { 'overview.get': pending, 'plans.list': pending, 'workspace.get': pending },
  },
  failing: {
    path: '/overview',
    handlers: { 'overview.get': failing('unavailable', 'The backend does not answer.') },
  },
  viewer: { path: '/overview', me: meAs('viewer') },
});
