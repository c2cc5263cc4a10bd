// What closing means, the tray's words, staying awake, and links: each decided without Electron.
import { expect, test } from 'vitest';
import { createFakeClock } from '../embedded/fake-clock.ts';
import { createAwake } from './awake.ts';
import { closeLastWindow, closingQuestion, countTasks, type ClosingChoice, type ClosingParts } from './closing.ts';
import { followLink, linkIn, type LinkParts } from './links.ts';
import { createTally } from './tally.ts';

function closing(over: Partial<ClosingParts> & { choice?: ClosingChoice; rememberIt?: boolean }) {
  const done: string[] = [];
  const asked: string[] = [];
  const parts: ClosingParts = {
    closing: () => 'ask',
    remember: (choice) => void done.push(`remember ${choice}`),
    running: () => Promise.resolve(2),
    tray: () => true,
    ask: (question) => {
      asked.push(question.message);
      return Promise.resolve({ choice: over.choice ?? 'stay', remember: over.rememberIt ?? false });
    },
    close: () => void done.push('close'),
    hide: () => void done.push('hide'),
    minimise: () => void done.push('minimise'),
    quit: () => void done.push('quit'),
    ...over,
  };
  return { run: () => closeLastWindow(parts), done, asked };
}

test('without running work the window closes, and nobody is asked', async () => {
  const { run, done, asked } = closing({ running: () => Promise.resolve(0) });
  await run();
  expect([done, asked]).toEqual([['close'], []]);
});

test.each([
  ['background', true, ['hide']],
  ['background', false, ['minimise']],
  ['quit', true, ['quit']],
  ['stay', true, []],
] as const)('asked and told %s (tray: %s), it does %j', async (choice, tray, expected) => {
  const { run, done, asked } = closing({ choice, tray: () => tray });
  await run();
  expect(done).toEqual(expected);
  expect(asked).toEqual(['2 tasks run on this computer.']);
});

test('a choice is remembered when it is asked for, and then nobody is asked; staying is no choice', async () => {
  const first = closing({ choice: 'background', rememberIt: true });
  await first.run();
  expect(first.done).toEqual(['remember background', 'hide']);
  const stay = closing({ choice: 'stay', rememberIt: true });
  await stay.run();
  expect(stay.done).toEqual([]);
  const second = closing({ closing: () => 'quit' });
  await second.run();
  expect([second.done, second.asked]).toEqual([['quit'], []]);
});

test('the question says what happens, and that a desktop has no tray', () => {
  expect(closingQuestion(1, true)).toMatchObject({
    message: '1 task runs on this computer.',
    buttons: ['Keep running in the tray', 'Quit and put it back', 'Stay here'],
  });
  const without = closingQuestion(2, false);
  expect(without.buttons).toEqual(['Keep running, minimised', 'Quit and put them back', 'Stay here']);
  expect(without.detail).toContain('no tray');
});

test('running tasks are counted over all workspaces', () => {
  const text = [
    '# TYPE tasks_by_state gauge',
    'tasks_by_state{tenant_id="a",state="running"} 2',
    'tasks_by_state{tenant_id="b",state="running"} 11',
    'tasks_by_state{tenant_id="b",state="queued"} 40',
    'live_sockets 3',
  ].join('\n');
  expect(countTasks(text, 'running')).toBe(13);
  expect(countTasks(text, 'queued')).toBe(40);
  expect(countTasks('', 'running')).toBe(0);
});

test('sleep is held off only while work runs and the person wants it', () => {
  const calls: string[] = [];
  const awake = createAwake({ start: (type) => calls.push(type), stop: (id) => void calls.push(`stop ${id}`) });
  expect([awake.update(false, 3), awake.update(true, 0), awake.update(true, 1), awake.update(true, 2)]).toEqual([false, false, true, true]);
  expect(awake.update(true, 0)).toBe(false);
  expect(calls).toEqual(['prevent-app-suspension', 'stop 1']);
  awake.update(true, 1);
  awake.update(false, 1);
  expect(awake.isHeld()).toBe(false);
});

test('the counts follow the stream; what needs a person is asked a little later, once', async () => {
  const clock = createFakeClock();
  const asked: string[] = [];
  let changes = 0;
  const tally = createTally({
    clock,
    call: (connection, { path }) => {
      asked.push(`${connection} ${path}`);
      return Promise.resolve({ ok: true, data: path === 'overview.get' ? { needs: [1, 2] } : { paused: true } });
    },
    onChange: () => (changes += 1),
  });
  tally.metrics('depot', { running: 3, queued: 5 });
  expect(tally.of('depot')).toEqual({ running: 3, queued: 5, needs: null, paused: false });
  tally.metrics('depot', { running: 3, queued: 5 });
  expect(changes).toBe(1);
  const event = { seq: 1, at: '', type: 'task.failed', entity: 'task', id: '', version: 1, data: null } as const;
  tally.events('depot', [event]);
  tally.events('depot', [event]);
  clock.pass(3_000);
  await Promise.resolve();
  await new Promise(setImmediate);
  expect(asked).toEqual(['depot overview.get', 'depot workspace.get']);
  expect(tally.of('depot')).toMatchObject({ needs: 2, paused: true });
  tally.events('depot', [{ ...event, entity: 'workspace', data: { paused: false } }]);
  expect(tally.of('depot')?.paused).toBe(false);
  tally.forget('depot');
  expect(tally.of('depot')).toBeNull();
});

function links(known: string[]) {
  const done: string[] = [];
  const parts: LinkParts = {
    ownerOf: (owner) => (known.includes(owner) ? { id: `connection of ${owner}` } : null),
    goTo: (connection, path) => void done.push(`${connection} ${path}`),
    explain: ({ message, connect }) => void done.push(`${message}${connect ? ' (connect?)' : ''}`),
  };
  return { parts, done };
}

test('a link among the arguments of a start leads to its workspace, an unknown one is explained', () => {
  const { parts, done } = links(['w1']);
  const given = (text: string) => linkIn(['/opt/signalbox', '--allow-file-access', text]);
  followLink(given('signalbox://w1/tasks/t1')!, parts);
  followLink(given('signalbox://w2/tasks/t1')!, parts);
  followLink(given('signalbox:exec')!, parts);
  expect(done).toEqual([
    'connection of w1 /tasks/t1',
    'This link is of a workspace that you have not opened here. (connect?)',
    'This link cannot be opened.',
  ]);
  expect(linkIn(['/opt/signalbox', '--inspect', 'https://example.com'])).toBeNull();
});
