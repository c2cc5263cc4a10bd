import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { LIVE_PORT, noticeChannels, preferences, requests, type RequestChannel } from '../../shared/ipc.ts';
import { answerRequest, type Handlers } from './answer.ts';
import { isTrustedSender } from './trust.ts';
import { isNoticeChannel, isRequestChannel, livePortName } from './channels.ts';

const origins = ['app://signalbox'];

function setUp(handlers: Partial<Handlers<string>>) {
  const reported: unknown[] = [];
  const parts = {
    handlers: handlers as Handlers<string>,
    report: (_channel: RequestChannel, cause: unknown) => void reported.push(cause),
  };
  const ask = (channel: RequestChannel, argument?: unknown) =>
    answerRequest(parts, channel, { argument, window: 'the window' });
  return { ask, reported };
}

test('only the top frame of a page of ours is trusted', () => {
  expect(isTrustedSender({ origin: 'app://signalbox', isMainFrame: true }, origins)).toBe(true);
  expect(isTrustedSender({ origin: 'app://signalbox', isMainFrame: false }, origins)).toBe(false);
  expect(isTrustedSender({ origin: 'app://signalbox.evil', isMainFrame: true }, origins)).toBe(false);
  expect(isTrustedSender({ origin: 'null', isMainFrame: true }, origins)).toBe(false);
  expect(isTrustedSender({ origin: null, isMainFrame: true }, origins)).toBe(false);
});

test('an argument that does not fit never reaches the handler; a form gets its fields named', async () => {
  let called = false;
  const { ask } = setUp({
    'session:register': () => {
      called = true;
      return { ok: true, data: null };
    },
  });
  const form = { organizationName: 'Depot', name: 'Ada', email: 'ada', password: 'short' };
  const answer = await ask('session:register', form);
  expect(called).toBe(false);
  expect(answer).toMatchObject({
    ok: false,
    problem: {
      code: 'validation_failed',
      fields: [
        { path: 'email', message: expect.any(String) },
        { path: 'password', message: 'Use at least 10 characters.' },
      ],
    },
  });
});

test('paths of calls are bounded and plain', async () => {
  const { ask } = setUp({ 'rpc': () => ({ ok: true, data: 'reached' }) });
  const long = `a.${'b'.repeat(90)}`;
  for (const path of ['../auth.login', 'agents.list,auth.refresh', 'agents', long, '__proto__.x', 7]) {
    const answer = await ask('rpc', { path, type: 'query' });
    expect(answer).toMatchObject({ ok: false, problem: { code: 'validation_failed' } });
  }
  const plain = { path: 'agents.list', type: 'query', input: {} };
  expect(await ask('rpc', plain)).toEqual({ ok: true, data: 'reached' });
});

test('a channel that answers no problem rejects', async () => {
  const { ask } = setUp({ 'clipboard:write': () => null });
  const long = { text: 'x'.repeat(1_000_001) };
  await expect(ask('clipboard:write', long)).rejects.toThrow('Some fields need another value.');
  expect(await ask('clipboard:write', { text: 'x' })).toBeNull();
});

test('a patch of the preferences holds what was sent and no default', async () => {
  const patches: unknown[] = [];
  const { ask } = setUp({
    'preferences:set': (patch) => {
      patches.push(patch);
      return preferences.parse({ theme: 'dark' });
    },
  });
  await ask('preferences:set', { theme: 'dark' });
  expect(patches).toEqual([{ theme: 'dark' }]);
});

test('what a handler throws crosses as its words only when they are meant for the person', async () => {
  const secret = new Error('password=hunter2');
  const { ask, reported } = setUp({
    'session:login': () => {
      throw secret;
    },
    'plan:pick': () => {
      throw new AppError('payload_too_large', 'A plan is at most 5.0 MB.');
    },
    'backend:restart': () => {
      throw secret;
    },
  });
  const answer = await ask('session:login', { email: 'ada@example.com', password: 'a long password' });
  expect(answer).toMatchObject({ ok: false, problem: { code: 'internal' } });
  expect(JSON.stringify(answer)).not.toContain('hunter2');
  expect(await ask('plan:pick')).toMatchObject({ problem: { detail: 'A plan is at most 5.0 MB.' } });
  await expect(ask('backend:restart')).rejects.toThrow(/^(?!.*hunter2)/);
  expect(reported).toEqual([secret, secret]);
});

test('the preload names the same channels as the contract', () => {
  for (const channel of Object.keys(requests)) expect(isRequestChannel(channel)).toBe(true);
  for (const channel of noticeChannels) expect(isNoticeChannel(channel)).toBe(true);
  expect(isRequestChannel('toString')).toBe(false);
  expect(isNoticeChannel('rpc')).toBe(false);
  expect(livePortName).toBe(LIVE_PORT);
});
