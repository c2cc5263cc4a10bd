// @vitest-environment jsdom
// What a window says on a bad day: the words, the ways out, and what stays behind them.
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import type { AppStatus } from '../../shared/ipc.ts';
import { createFakeBridge } from '../stories/bridge.ts';
import { NOW } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { Banners } from './Banners.tsx';
import { SessionGate } from './SessionGate.tsx';
import { crashWords, keychainAdvice } from './troubleWords.ts';

afterEach(cleanup);
const at = new Date(NOW).toISOString();
const ready = { state: 'ready', url: 'http://127.0.0.1:51234' } as const;

function banners(status: Partial<AppStatus>) {
  const bridge = createFakeBridge({ status });
  render(<StoryFrame bridge={bridge} story={{ status }}><Banners /></StoryFrame>);
  return bridge;
}
const said = async (): Promise<string[]> => {
  await screen.findAllByRole('status');
  return screen.getAllByRole('status').map((line) => line.textContent);
};

test('a crash is told with how, how often and what became of the work', () => {
  expect(crashWords({ at, times: 1, how: 'ended', putBack: null })).toMatch(/^It stopped by itself at \d\d:\d\d\.$/);
  expect(crashWords({ at, times: 3, how: 'hung', putBack: 1 })).toMatch(
    /^It gave no answer for a minute and was stopped at \d\d:\d\d, 3 times within the last hour\. 1 task that ran was put back without spending an attempt/,
  );
  expect(crashWords({ at, times: 1, how: 'disk_full', putBack: 0 })).toContain('No task was running here');
});

test('each system has its own advice on its keychain', () => {
  expect(new Set(['darwin', 'win32', 'linux'].map(keychainAdvice)).size).toBe(3);
});

test('each thing that is out of order has its line, and goes when it was read or is over', async () => {
  const crash = { at, times: 1, how: 'ended', putBack: 2 } as const;
  const disk = { freeBytes: 41_000_000, neededBytes: 96_000_000 };
  const bridge = banners({ backend: { ...ready, crash, disk, portTaken: 4180 }, clockAhead: 300 });
  const lines = await said();
  expect(lines).toHaveLength(4);
  expect(lines.join('\n')).toMatch(/2 tasks that ran were put back/);
  expect(lines.join('\n')).toMatch(/41\.0 MB are free where the workspace is, and 96\.0 MB are needed/);
  expect(lines.join('\n')).toMatch(/Port 4180 is in use.*http:\/\/127\.0\.0\.1:51234/);
  expect(lines.join('\n')).toMatch(/clock is 5 min ahead of the server’s/);
  for (const button of screen.getAllByRole('button', { name: 'I see' })) fireEvent.click(button);
  expect(screen.getAllByRole('status')).toHaveLength(2);
  bridge.notify('app:status', { ...(await bridge.request('app:status')), backend: ready, clockAhead: 30 });
  await waitFor(() => expect(screen.queryAllByRole('status')).toEqual([]));
});

test('a server that is away is said with since when and the next try, which may be had at once', async () => {
  const away = {
    state: 'away' as const,
    since: at,
    tries: 3,
    nextTryAt: new Date(NOW + 9_000).toISOString(),
    title: 'The server cannot be reached',
    message: 'signalbox.example is away: it does not answer in time.',
    action: 'Check your network.',
  };
  const bridge = banners({ backend: away });
  const [line] = await said();
  expect(line).toMatch(/Nothing is changed until it is back; what you write stays in its form\. Next try in 9 s\./);
  fireEvent.click(screen.getByRole('button', { name: 'Try now' }));
  expect(bridge.requests.some(([channel]) => channel === 'backend:restart')).toBe(true);
});

test('behind a failure what was being written stays as it is', async () => {
  const bridge = createFakeBridge();
  render(
    <StoryFrame bridge={bridge}>
      <SessionGate>{() => <input aria-label="Title" />}</SessionGate>
    </StoryFrame>,
  );
  fireEvent.change(await screen.findByLabelText('Title'), { target: { value: 'Half written' } });
  const base = await bridge.request('app:status');
  const failure = { state: 'failed' as const, reason: 'crash_loop' as const, title: 'It keeps stopping', message: 'x', action: 'y', log: ['last words'] };
  bridge.notify('app:status', { ...base, backend: failure });
  expect((await screen.findByRole('alert')).textContent).toContain('last words');
  expect(screen.getByRole('button', { name: 'Restart the backend' })).toBeTruthy();
  bridge.notify('app:status', { ...base, backend: ready });
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  expect(screen.getByLabelText<HTMLInputElement>('Title').value).toBe('Half written');
});

test('a key is given to main and to nobody else, and a refusal stands at its field', async () => {
  const backend = { state: 'failed' as const, reason: 'key_missing' as const, title: 'The master key is missing', message: 'x', action: 'y' };
  const bridge = createFakeBridge({ status: { backend } });
  const answer = bridge.request.bind(bridge);
  bridge.request = ((channel: string, argument: unknown) =>
    channel === 'backend:give-key'
      ? (bridge.requests.push([channel, argument]), Promise.resolve({ ok: false, problem: { code: 'validation_failed', detail: 'This is no master key.' } }))
      : answer(channel as 'app:status')) as typeof bridge.request;
  render(<StoryFrame bridge={bridge}><SessionGate>{() => null}</SessionGate></StoryFrame>);
  fireEvent.change(await screen.findByLabelText('Master key from a backup'), { target: { value: 'abc' } });
  fireEvent.click(screen.getByRole('button', { name: 'Use this key' }));
  expect(await screen.findByText('This is no master key.')).toBeTruthy();
  expect(bridge.requests.filter(([channel]) => channel === 'backend:give-key')).toEqual([['backend:give-key', { key: 'abc' }]]);
});
