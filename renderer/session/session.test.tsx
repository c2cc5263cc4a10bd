// @vitest-environment jsdom
// The first screen: what is sent, and where the words of a refusal go.
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { AppError, toProblem } from '../../shared/errors.ts';
import type { RpcResponse } from '../../shared/ipc.ts';
import { createFakeBridge } from '../stories/bridge.ts';
import { me } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { SessionGate } from './SessionGate.tsx';
import { Welcome } from './Welcome.tsx';

const good = { organizationName: 'Northwind Robotics', name: 'Mara Keller', email: 'mara@northwind.example', password: 'four words are long' };
const field = (name: RegExp): HTMLInputElement => screen.getByLabelText(name, { selector: 'input' });

function setup(answer: RpcResponse, hint: string | null = null) {
  const bridge = createFakeBridge({ session: () => answer });
  render(<StoryFrame bridge={bridge}><Welcome hint={hint} keychain /></StoryFrame>);
  const sent = (): unknown[] => bridge.requests.filter(([channel]) => channel.startsWith('session:'));
  return { sent };
}
function fillIn(values = good): void {
  fireEvent.change(field(/Organisation/), { target: { value: values.organizationName } });
  fireEvent.change(field(/Your name/), { target: { value: values.name } });
  fireEvent.change(field(/E-mail/), { target: { value: values.email } });
  fireEvent.change(field(/^Password/), { target: { value: values.password } });
  fireEvent.click(screen.getByRole('button', { name: 'Create workspace' }));
}
afterEach(cleanup);

test('creates a workspace with what was written', async () => {
  const { sent } = setup({ ok: true, data: me });
  fillIn();
  await waitFor(() => expect(sent()).toEqual([['session:register', good]]));
});

test('a company’s server is a way to begin, beside the form', async () => {
  setup({ ok: true, data: me });
  fireEvent.click(screen.getByRole('button', { name: 'Connect to it' }));
  expect(await screen.findByRole('dialog', { name: 'Connect to a server' })).toBeTruthy();
});

test('what cannot be taken is said at its field and not sent', () => {
  const { sent } = setup({ ok: true, data: me });
  fillIn({ ...good, email: 'mara', password: 'short' });
  expect(screen.getByText(/Write an e-mail address/)).toBeTruthy();
  expect(screen.getByText('Use at least 10 characters.')).toBeTruthy();
  expect(sent()).toEqual([]);
});

test('the backend’s field errors go to their fields, and what was written stays', async () => {
  const fields = [{ path: 'organizationName', message: 'That name is taken here.' }];
  setup({ ok: false, problem: toProblem(new AppError('validation_failed', 'One field.', { details: { fields } })) });
  fillIn();
  expect(await screen.findByText('That name is taken here.')).toBeTruthy();
  expect(field(/Organisation/).getAttribute('aria-invalid')).toBe('true');
  expect(field(/Your name/).value).toBe('Mara Keller');
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a field error that no input shows is said above the button', async () => {
  const fields = [{ path: 'plan', message: 'No such plan.' }];
  setup({ ok: false, problem: toProblem(new AppError('validation_failed', 'One field.', { details: { fields } })) });
  fillIn();
  expect((await screen.findByRole('alert')).textContent).toContain('No such plan.');
});

test('signing in begins with the address of the last time, and says when it is refused', async () => {
  const { sent } = setup({ ok: false, problem: toProblem(new AppError('invalid_credentials', 'That does not match.')) }, good.email);
  expect(field(/E-mail/).value).toBe(good.email);
  fireEvent.change(field(/^Password/), { target: { value: 'wrong' } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect((await screen.findByRole('alert')).textContent).toContain('That does not match.');
  expect(sent()).toEqual([['session:login', { email: good.email, password: 'wrong' }]]);
});

test('the gate follows what main says: starting, failed, signed out, signed in', async () => {
  const bridge = createFakeBridge({ status: { backend: { state: 'starting' } } });
  render(<StoryFrame bridge={bridge}><SessionGate>{(who) => <p>Hello {who.user.name}</p>}</SessionGate></StoryFrame>);
  expect(screen.getByText(/Opening the workspace/)).toBeTruthy();
  const base = await bridge.request('app:status');
  const failure = { state: 'failed' as const, title: 'The database is newer', message: 'Made by version 9.', action: 'Update Signalbox.' };
  await waitFor(() => {
    bridge.notify('app:status', { ...base, backend: failure });
    expect(screen.getByRole('alert').textContent).toContain('Update Signalbox.');
  });
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(bridge.requests.some(([channel]) => channel === 'backend:restart')).toBe(true);
  const backend = { state: 'ready' as const, url: 'http://127.0.0.1:4180' };
  bridge.notify('app:status', { ...base, backend, session: { state: 'signed_out', hint: null } });
  expect(await screen.findByRole('button', { name: 'Create workspace' })).toBeTruthy();
  bridge.notify('app:status', { ...base, backend });
  expect(await screen.findByText('Hello Mara Keller')).toBeTruthy();
});
