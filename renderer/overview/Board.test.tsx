// @vitest-environment jsdom
// The board is alive: it moves each second without being drawn anew, and follows the live stream without a reload.
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { useEffect } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import '../testing/dom.ts';
import type { LiveEvent } from '../../shared/events.ts';
import type { TaskSummary } from '../../shared/task.ts';
import { NowProvider } from '../components/now.tsx';
import { createLiveCache } from '../live/cache.ts';
import { makeTask, NOW, overview, secondsAgo } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { Board } from './Board.tsx';
import { OverviewScreen } from './OverviewScreen.tsx';
import { timeWindows } from './windows.ts';

function Client({ onClient }: { onClient(client: QueryClient): void }) {
  const client = useQueryClient();
  useEffect(() => onClient(client), [client, onClient]);
  return null;
}

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test('each second the time used goes on, the fill grows, and the past moves on', () => {
  vi.useFakeTimers();
  let now = NOW;
  render(
    <StoryFrame>
      <NowProvider value={() => now}>
        <Board lanes={overview.lanes} agents={overview.lanes.length} window={timeWindows[0]} />
      </NowProvider>
    </StoryFrame>,
  );
  const block = document.querySelector<HTMLElement>('[data-running]');
  const fill = block?.querySelector('i');
  const before = fill?.style.transform;
  expect(screen.getByText('9:18 / 15')).toBeTruthy();
  now += 1_000;
  act(() => void vi.advanceTimersByTime(1_000));
  expect(screen.getByText('9:19 / 15')).toBeTruthy();
  expect(fill?.style.transform).not.toBe(before);
  // The same element: it was moved, not made anew.
  expect(document.querySelector('[data-running]')).toBe(block);
});

test('a block turns amber when its attempt comes near its limit', () => {
  vi.useFakeTimers();
  let now = NOW;
  const [first] = overview.lanes;
  if (!first) throw new Error('The fixtures have no lanes.');
  const blocks = [
    {
      taskId: 't',
      title: 'T',
      attempt: 1,
      state: 'running' as const,
      startedAt: secondsAgo(809),
      finishedAt: null,
      timeLimitSeconds: 900,
    },
  ];
  render(
    <StoryFrame>
      <NowProvider value={() => now}>
        <Board lanes={[{ ...first, blocks }]} agents={1} window={timeWindows[0]} />
      </NowProvider>
    </StoryFrame>,
  );
  const block = document.querySelector<HTMLElement>('[data-running]');
  expect(block?.dataset.state).toBe('running');
  now += 1_000;
  act(() => void vi.advanceTimersByTime(1_000));
  expect(block?.dataset.state).toBe('retrying');
});

test('what is claimed and what ends comes from the live stream', async () => {
  const clients: QueryClient[] = [];
  render(
    <StoryFrame>
      <Client onClient={(client) => void clients.push(client)} />
      <OverviewScreen />
    </StoryFrame>,
  );
  await screen.findByText('coordinator');
  const [client] = clients;
  if (!client) throw new Error('There is no client.');
  const live = createLiveCache(client, { nextFrame: (run) => queueMicrotask(run), after: () => undefined, now: () => 0 });
  const agent = overview.lanes.find((lane) => lane.agent.name === 'coordinator')?.agent;
  const claimed = makeTask(4_000, {
    title: 'Claimed just now',
    state: 'running',
    version: 5,
    attempt: 1,
    agentId: agent?.id ?? null,
    startedAt: secondsAgo(2),
    finishedAt: null,
  });
  const push = (seq: number, task: TaskSummary): void => {
    const event: LiveEvent = {
      seq,
      at: secondsAgo(1),
      type: 'task.changed',
      entity: 'task',
      id: task.id,
      version: task.version,
      data: task,
    };
    act(() => live.push([event]));
  };
  push(48_212, claimed);
  expect(
    (await screen.findByRole('gridcell', { name: /^Claimed just now, Running, attempt 1/ })).dataset.state,
  ).toBe('running');
  push(48_213, { ...claimed, state: 'succeeded', version: 6, finishedAt: secondsAgo(0) });
  expect(
    await screen.findByRole('gridcell', { name: /^Claimed just now, Succeeded, attempt 1/ }),
  ).toBeTruthy();
  live.dispose();
});
