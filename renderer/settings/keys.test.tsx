// @vitest-environment jsdom
// API keys in the settings: what is asked for, what is said at its field, and the key, which is there once and then nowhere.
import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import '../testing/dom.ts';
import { AppError } from '../../shared/errors.ts';
import { keyInput } from '../../shared/identity.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import { scopes } from '../../shared/permissions.ts';
import { createRouteStore } from '../app/routes.ts';
import { createFakeBridge, failing, pending, type Handlers } from '../stories/bridge.ts';
import { agents, me, meAs } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { dayError, emptyKey, offered, shortPrefix, toKeyInput } from './keyForm.ts';
import { Programs } from './Programs.tsx';

const ID = '019d2f6a-0400-7a31-8f0c-b00000000001';
const bare = (id: string): string => id.replaceAll('-', '');
const prefix = `sbx_${bare(me.organization.id)}${bare(ID)}`;
const key = `${prefix}_${'k'.repeat(43)}`;
const making: Handlers = { 'keys.create': () => ({ id: ID, key, prefix }) };
const reading = ['tasks:read', 'agents:read', 'reviews:read', 'usage:read', 'audit:read'];

interface Setting {
  path?: string;
  role?: Parameters<typeof meAs>[0];
  /** The clipboard takes nothing. */
  refusesCopies?: boolean;
}
function setup(handlers: Handlers = making, { path = '/settings/programs?new=1', role = 'owner', refusesCopies = false }: Setting = {}) {
  const bridge = createFakeBridge({ handlers });
  const { request } = bridge;
  if (refusesCopies) {
    bridge.request = (channel, ...argument) =>
      channel === 'clipboard:write' ? Promise.reject(new Error('no clipboard')) : request(channel, ...argument);
  }
  const routes = createRouteStore(path);
  render(<StoryFrame bridge={bridge} routes={routes} story={{ me: meAs(role) }}><Programs /></StoryFrame>);
  const asked = (): unknown[] =>
    bridge.requests.flatMap(([channel, argument]) => (channel === 'rpc' && (argument as RpcRequest).path === 'keys.create' ? [(argument as RpcRequest).input] : []));
  const copied = (): unknown[] => bridge.requests.filter(([channel]) => channel === 'clipboard:write').map(([, argument]) => argument);
  const told = (): unknown[] => bridge.requests.flatMap(([channel, argument]) => (channel === 'key:shown' ? [(argument as { shown: boolean }).shown] : []));
  /** What main has of the form; null: nothing, any more. */
  const draft = (): unknown => bridge.requests.flatMap(([channel, argument]) => (channel === 'drafts:keep' ? [(argument as { text: string | null }).text] : [])).at(-1) ?? null;
  return { asked, copied, draft, told, routes, route: () => routes.getState().route };
}
const dialog = (): Promise<HTMLElement> => screen.findByRole('dialog', { name: 'New API key' });
const question = (): HTMLElement | null => screen.queryByRole('dialog', { name: 'Close without the key?' });
const press = (name: string | RegExp, where: HTMLElement = document.body): void => void fireEvent.click(within(where).getByRole('button', { name }));
const write = (label: string, value: string, where: HTMLElement): void => void fireEvent.change(within(where).getByLabelText(label), { target: { value } });
const ticked = (where: HTMLElement): string[] => within(where).getAllByRole<HTMLInputElement>('checkbox').filter((box) => box.checked).map((box) => box.value);
const escape = (): void => void fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
async function make(): Promise<HTMLElement> {
  const form = await dialog();
  write('Name', 'Nightly report', form);
  press('Create key', form);
  await within(form).findByLabelText('API key');
  return form;
}

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test('it opens from the settings with what reads alone, without an end, and every scope says what it allows', async () => {
  const { asked, route } = setup(making, { path: '/settings/programs' });
  press('New key…');
  expect(route().search).toEqual({ new: '1' });
  const form = await dialog();
  expect(ticked(form)).toEqual(reading);
  expect(within(form).getByRole('button', { name: 'Read only' }).getAttribute('aria-pressed')).toBe('true');
  expect(within(form).queryByLabelText('Works as')).toBeNull();
  expect(within(form).getAllByRole('checkbox')).toHaveLength(scopes.length);
  expect(offered.toSorted()).toEqual(scopes.toSorted());
  write('Name', ' Nightly report ', form);
  press('Create key', form);
  await within(form).findByLabelText('API key');
  expect(asked()).toEqual([{ name: ' Nightly report ', scopes: reading }]);
  expect(form.textContent).toContain('Nightly report is made.');
});

test('a key of an agent wants the agent, at its field, and offers the external ones', async () => {
  const { asked } = setup();
  const form = await dialog();
  write('Name', 'Gate', form);
  press('Work as an agent', form);
  expect(ticked(form)).toEqual(['agent']);
  press('Create key', form);
  expect(await within(form).findByText('Choose the agent that it works as.')).toBeTruthy();
  expect(asked()).toEqual([]);
  const field = within(form).getByRole('combobox', { name: 'Works as' });
  fireEvent.click(field);
  const external = agents.filter(({ kind }) => kind === 'external');
  const options = await screen.findAllByRole('option', { hidden: true });
  expect(options.map(({ textContent }) => textContent?.replace(' (paused)', '')).toSorted()).toEqual(external.map(({ name }) => name).toSorted());
  fireEvent.click(options[0]!);
  press('Create key', form);
  await within(form).findByLabelText('API key');
  expect(asked()).toEqual([expect.objectContaining({ name: 'Gate', scopes: ['agent'] })]);
  expect(external.map(({ id }) => id)).toContain((asked()[0] as { agentId: string }).agentId);
});

test('no name, no scope and a day that is over are said at their fields, and nothing is asked for', async () => {
  const { asked } = setup();
  const form = await dialog();
  for (const box of within(form).getAllByRole<HTMLInputElement>('checkbox')) if (box.checked) fireEvent.click(box);
  fireEvent.click(within(form).getByRole('radio', { name: 'On a day' }));
  write('Last day', '2026-11-19', form);
  press('Create key', form);
  expect(await within(form).findByText('Write something here.')).toBeTruthy();
  expect(within(form).getByText('Choose at least one scope.')).toBeTruthy();
  expect(within(form).getByText('Choose today or a later day.')).toBeTruthy();
  expect(asked()).toEqual([]);
});

test('what the backend refuses stands at its field, and the form as it was', async () => {
  const refuse = (path: string, message: string) => () => {
    throw new AppError('validation_failed', `${path}: ${message}`, { details: { fields: [{ path, message }] } });
  };
  setup({ 'keys.create': refuse('expiresAt', 'Choose a time in the future, or leave it out.') });
  const form = await dialog();
  write('Name', 'Nightly report', form);
  fireEvent.click(within(form).getByRole('radio', { name: 'On a day' }));
  write('Last day', '2026-12-31', form);
  press('Create key', form);
  expect(await within(form).findByText('Choose a time in the future, or leave it out.')).toBeTruthy();
  expect(within(form).getByLabelText('Last day').getAttribute('aria-invalid')).toBe('true');
  expect(within(form).queryByRole('alert')).toBeNull();
  expect(within(form).getByLabelText<HTMLInputElement>('Name').value).toBe('Nightly report');
});

test('a backend that is away is said in the form; while it answers, the button is busy', async () => {
  setup({ 'keys.create': failing('unavailable', 'The backend cannot be reached.') });
  const form = await dialog();
  write('Name', 'Nightly report', form);
  press('Create key', form);
  expect((await within(form).findByRole('alert')).textContent).toContain('What you wrote is still here.');
  cleanup();
  setup({ 'keys.create': pending });
  const waiting = await dialog();
  write('Name', 'Nightly report', waiting);
  press('Create key', waiting);
  await waitFor(() => expect(within(waiting).getByRole('button', { name: 'Create key' }).getAttribute('data-loading')).toBe('true'));
});

test('closed without a copy it asks: by Esc, by the cross and by Done; Esc on the question keeps the key', async () => {
  const { route } = setup();
  const form = await make();
  for (const close of [escape, () => press('Close', form), () => press('Done', form)]) {
    close();
    await waitFor(() => expect(question()).toBeTruthy());
    escape();
    await waitFor(() => expect(question()).toBeNull());
    expect(within(form).getByLabelText('API key').textContent).toBe(key);
  }
  press('Done', form);
  await waitFor(() => expect(question()).toBeTruthy());
  press('Close without it', question()!);
  await waitFor(() => expect(route().search).toEqual({}));
  await waitFor(() => expect(document.body.textContent).not.toContain(key));
});

test('a question that was asked before the key took the keyboard keeps it', async () => {
  setup();
  const form = await dialog();
  write('Name', 'Nightly report', form);
  const frames: FrameRequestCallback[] = [];
  const asked = vi.spyOn(window, 'requestAnimationFrame').mockImplementation((frame) => frames.push(frame));
  press('Create key', form);
  await within(form).findByLabelText('API key');
  asked.mockRestore();
  press('Done', form);
  await waitFor(() => expect(question()?.contains(document.activeElement)).toBe(true));
  act(() => frames.forEach((frame) => frame(performance.now())));
  expect(document.activeElement?.textContent).toBe('Go back');
});

test('left by a key, a link, back or a notification, it asks first too, and goes there only when told to', async () => {
  const { routes, route, told } = setup(making, { path: '/tasks' });
  act(() => routes.getState().go('/settings/programs?new=1'));
  await make();
  // Closing the window and quitting ask as well: main knows.
  expect(told()).toEqual([true]);
  for (const leave of [() => routes.getState().go({ place: 'plans' }), () => routes.getState().go('/audit'), () => routes.getState().back()]) {
    act(leave);
    await waitFor(() => expect(question()).toBeTruthy());
    press('Go back', question()!);
    await waitFor(() => expect(question()).toBeNull());
    expect(route()).toMatchObject({ place: 'settings', search: { new: '1' } });
  }
  act(() => routes.getState().go({ place: 'plans' }));
  await waitFor(() => expect(question()).toBeTruthy());
  press('Close without it', question()!);
  await waitFor(() => expect(route().place).toBe('plans'));
  expect(told()).toEqual([true, false]);
  act(() => routes.getState().go('/audit'));
  expect(route().place).toBe('audit');
});

test('copied, it is left without a question', async () => {
  const { routes, route, told } = setup();
  press('Copy: API key', await make());
  await screen.findByRole('button', { name: 'Copied: API key' });
  expect(told()).toEqual([true, false]);
  act(() => routes.getState().go('/audit'));
  expect(route().place).toBe('audit');
});

test('while it is being made it can be waited for: closed or left then, it asks, and the key that comes is shown', async () => {
  for (const ways of [[escape], [() => press('Not now')], ['go'] as const]) {
    let answer: (made: unknown) => void = () => undefined;
    const { routes, route, told } = setup({ 'keys.create': () => new Promise((resolve) => (answer = resolve)) });
    const form = await dialog();
    write('Name', 'Nightly report', form);
    press('Create key', form);
    await waitFor(() => expect(told()).toEqual([true]));
    for (const way of ways) act(() => (way === 'go' ? routes.getState().go('/audit') : way()));
    await waitFor(() => expect(question()).toBeTruthy());
    expect(route()).toMatchObject({ place: 'settings', search: { new: '1' } });
    await act(async () => answer({ id: ID, key, prefix }));
    expect((await within(form).findByLabelText('API key')).textContent).toBe(key);
    await waitFor(() => expect(question()).toBeNull());
    cleanup();
  }
});

test('a key that could not be made lets its form be closed, and what was written is kept till then', async () => {
  let refuse: (cause: Error) => void = () => undefined;
  const { draft, route, told } = setup({ 'keys.create': () => new Promise((_, reject) => (refuse = reject)) });
  const form = await dialog();
  write('Name', 'Nightly report', form);
  press('Create key', form);
  await waitFor(() => expect(told()).toEqual([true]));
  press('Not now', form);
  await waitFor(() => expect(question()).toBeTruthy());
  await act(async () => refuse(new AppError('unavailable', 'The backend cannot be reached.')));
  await waitFor(() => expect(question()).toBeNull());
  expect(told()).toEqual([true, false]);
  await waitFor(() => expect(draft()).toContain('Nightly report'));
  press('Not now', form);
  await waitFor(() => expect(route().search).toEqual({}));
  expect(draft()).toBeNull();
});

test('copied, by the button or by hand, it closes without a question; a copy that failed is none', async () => {
  const { copied, route } = setup();
  const made = await make();
  await waitFor(() => expect(document.activeElement).toBe(within(made).getByRole('button', { name: 'Copy: API key' })));
  press('Copy: API key', made);
  await screen.findByRole('button', { name: 'Copied: API key' });
  expect(copied()).toEqual([{ text: key }]);
  escape();
  await waitFor(() => expect(route().search).toEqual({}));
  expect(question()).toBeNull();
  cleanup();

  const byHand = setup();
  const shown = within(await make()).getByLabelText('API key');
  document.getSelection()?.selectAllChildren(shown);
  fireEvent.copy(shown);
  escape();
  await waitFor(() => expect(byHand.route().search).toEqual({}));
  cleanup();

  setup(making, { refusesCopies: true });
  press('Copy: API key', await make());
  await screen.findByRole('button', { name: 'Not copied: API key' });
  escape();
  await waitFor(() => expect(question()).toBeTruthy());
});

test('after it was closed the key is nowhere: not on the page, not in a draft, not in a cache', async () => {
  const held = new Set<QueryClient>();
  vi.spyOn(QueryClient.prototype, 'mount').mockImplementation(function mounted(this: QueryClient) {
    held.add(this);
  });
  const { draft, route } = setup();
  const form = await dialog();
  write('Name', 'Nightly report', form);
  // What was written is kept until the key is made.
  await waitFor(() => expect(draft()).toContain('Nightly report'));
  press('Create key', form);
  await within(form).findByLabelText('API key');
  expect(draft()).toBeNull();
  press('Copy: API key', form);
  await screen.findByRole('button', { name: 'Copied: API key' });
  press('Done', form);
  await waitFor(() => expect(route().search).toEqual({}));
  const kept = (): string => JSON.stringify([...held].flatMap((client) => [client.getMutationCache().getAll(), client.getQueryCache().getAll()].flat().map(({ state }) => state)));
  expect(held.size).toBeGreaterThan(0);
  await waitFor(() => expect(kept()).not.toContain(key));
  expect(document.body.innerHTML).not.toContain(key);
  expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toContain(key);
  press('New key…');
  expect(within(await dialog()).getByLabelText<HTMLInputElement>('Name').value).toBe('');
});

test('who may not make keys sees why, and no dialog', async () => {
  const { route } = setup(making, { path: '/settings/programs', role: 'viewer' });
  expect(screen.getByRole('button', { name: 'New key…' }).getAttribute('aria-disabled')).toBe('true');
  press('New key…');
  expect(route().search).toEqual({});
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(await screen.findByText(/Your role here is viewer/)).toBeTruthy();
});

test('the list says how a key begins and when it ends', async () => {
  const row = { id: ID, name: 'Nightly report', prefix, scopes: ['tasks:read'], agentId: null, createdAt: '2026-11-02T09:00:00Z', expiresAt: '2026-11-22T23:59:59Z', lastUsedAt: null };
  setup({ 'keys.list': () => ({ items: [row], nextCursor: null }) }, { path: '/settings/programs' });
  const begins = await screen.findByTitle(`${prefix}_…`);
  expect(begins.textContent).toBe('sbx_019d2f…000001');
  expect(screen.getByText('in 2 days')).toBeTruthy();
});

test('a key ends with its day here, today at the earliest, and is what the operation takes', () => {
  const now = new Date('2026-11-20T12:00:00').getTime();
  expect(dayError('2026-11-20', now)).toBeNull();
  for (const day of ['', '2026-11-19', '12026-11-20', '2026-13-01']) expect(dayError(day, now), day).not.toBeNull();
  const input = toKeyInput({ ...emptyKey, name: 'A', agentId: ID, ends: 'day', day: '2026-11-20' });
  expect(input).toEqual({ name: 'A', scopes: reading, expiresAt: new Date('2026-11-20T23:59:59').toISOString() });
  expect(keyInput.safeParse(input).success).toBe(true);
  expect(toKeyInput({ ...emptyKey, day: '2026-11-20' }).expiresAt).toBeUndefined();
  expect(shortPrefix('sbx_…0d603965')).toBe('sbx_…0d603965');
});
