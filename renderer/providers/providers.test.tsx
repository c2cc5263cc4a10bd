// @vitest-environment jsdom
// The providers' screen: what a form sends and keeps, what a test shows, what is refused and why, and the price table.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import { providerInput, providerPatch, providerTestInput, type ProviderAccount } from '../../shared/provider.ts';
import { createRouteStore } from '../app/routes.ts';
import { createFakeBridge, paged, type Handlers } from '../stories/bridge.ts';
import { meAs } from '../stories/fixtures.ts';
import { accounts, detailsOf, prices } from '../stories/providerFixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { emptyProvider, providerFormOf, rulesOf, toProviderInput, toProviderPatch, toTestInput } from './providerForm.ts';
import { ProvidersScreen } from './ProvidersScreen.tsx';
import { rateWords, stateWord, testedWords } from './words.ts';

const named = (name: string): ProviderAccount => accounts.find((account) => account.name === name) as ProviderAccount;

function setup(path: string, handlers: Handlers = {}, role: Parameters<typeof meAs>[0] = 'owner') {
  const all: Handlers = { 'providers.list': (input) => paged(accounts, input), 'prices.list': (input) => paged(prices, input), ...handlers };
  const bridge = createFakeBridge({ handlers: all });
  const routes = createRouteStore(path);
  render(<StoryFrame bridge={bridge} routes={routes} story={{ me: meAs(role) }}><ProvidersScreen /></StoryFrame>);
  const calls = (path: string): unknown[] =>
    bridge.requests.flatMap(([channel, argument]) => {
      const request = argument as RpcRequest;
      return channel === 'rpc' && request.path === path ? [request.input] : [];
    });
  const drafts = (): unknown[] => bridge.requests.filter(([channel]) => channel === 'drafts:keep').map(([, draft]) => draft);
  return { calls, drafts, route: () => routes.getState().route };
}
const press = (name: string | RegExp, inside: HTMLElement = document.body): void => {
  fireEvent.click(within(inside).getByRole('button', { name }));
};
const write = (label: string, value: string, inside: HTMLElement): void => {
  fireEvent.change(within(inside).getByLabelText(label), { target: { value } });
};
afterEach(() => {
  cleanup();
});

test('a new account is tested as it stands in the form, takes the models, and is then sent', async () => {
  const { calls, drafts, route } = setup('/providers?new=1', {
    'providers.test': () => ({ ok: true, milliseconds: 412, models: 2, model: 'a-1', problem: null, at: '2026-11-20T14:00:00Z', list: ['a-1', 'a-2'] }),
    'providers.create': () => named('OpenAI'),
  });
  const dialog = await screen.findByRole('dialog', { name: 'Add a provider account' });
  press('Test it', dialog);
  expect(await within(dialog).findByText('Write the address of the service.')).toBeTruthy();
  expect(calls('providers.test')).toEqual([]);
  write('Name', 'Local', dialog);
  write('Address', 'http://127.0.0.1:11434/v1', dialog);
  write('Key', 'sk-secret-1234', dialog);
  press('Test it', dialog);
  expect(await within(dialog).findByText('Answers in 0.4 s, 2 models')).toBeTruthy();
  expect(calls('providers.test')).toMatchObject([{ kind: 'openai_compatible', key: 'sk-secret-1234', service: { baseUrl: 'http://127.0.0.1:11434/v1' } }]);
  // What is written is kept, but never a key.
  await waitFor(() => expect(JSON.stringify(drafts())).toContain('11434'));
  expect(JSON.stringify(drafts())).not.toContain('sk-secret');
  press('Add account', dialog);
  await waitFor(() => expect(calls('providers.create')).toMatchObject([{ name: 'Local', kind: 'openai_compatible', models: ['a-1', 'a-2'], key: 'sk-secret-1234', maxRunning: null }]));
  await waitFor(() => expect(route().id).toBe(named('OpenAI').id));
});

test('a test that goes wrong says what and what to do, and nothing is saved', async () => {
  const { calls } = setup('/providers?new=1', {
    'providers.test': () => ({ ok: false, milliseconds: null, models: null, model: null, problem: { code: 'provider_auth', message: 'It refuses the key (401).', fix: 'Make a new key.' }, at: '2026-11-20T14:00:00Z', list: [] }),
  });
  const dialog = await screen.findByRole('dialog', { name: 'Add a provider account' });
  fireEvent.click(within(dialog).getByRole('radio', { name: /^OpenAI ?With/ }));
  expect(within(dialog).getByLabelText<HTMLInputElement>('Name').value).toBe('OpenAI');
  press('Add account', dialog);
  expect(await within(dialog).findByText('Paste the key.')).toBeTruthy();
  write('Key', 'sk-wrong', dialog);
  press('Test it', dialog);
  expect(await within(dialog).findByText('It refuses the key (401).')).toBeTruthy();
  expect(within(dialog).getByText('Make a new key.')).toBeTruthy();
  expect(calls('providers.create')).toEqual([]);
});

test('an account that cools says until when, and what that means for its agents', async () => {
  setup(`/providers/${named('Anthropic').id}`);
  const panel = await screen.findByRole('complementary', { name: 'Anthropic' });
  expect(panel.textContent).toContain('Its 2 agents start nothing new until then; no attempt is spent.');
  expect(panel.textContent).toMatch(/That is in 4\d s/);
  expect(within(panel).getByRole('button', { name: 'Remove' }).getAttribute('aria-disabled')).toBe('true');
});

test('a refused key is replaced, and its test asked for', async () => {
  const google = named('Google');
  const { calls } = setup(`/providers/${google.id}`, { 'providers.update': () => ({ ...google, state: 'ok' }) });
  const panel = await screen.findByRole('complementary', { name: 'Google' });
  expect(within(panel).getByText('Key refused')).toBeTruthy();
  press('Test it', panel);
  await waitFor(() => expect(calls('providers.test')).toEqual([{ id: google.id }]));
  press('Give it a new key', panel);
  const dialog = await screen.findByRole('dialog', { name: 'Edit Google' });
  expect(dialog.textContent).toContain('One is stored that ends in pQ81.');
  write('Key', 'AIza-new-1234', dialog);
  press('Save', dialog);
  await waitFor(() => expect(calls('providers.update')).toEqual([{ id: google.id, version: google.version, name: 'Google', maxRunning: 20, models: google.models, key: 'AIza-new-1234' }]));
});

test('one that nothing runs on is removed after a question', async () => {
  const free = { ...named('OpenAI'), agents: 0 };
  const { calls, route } = setup(`/providers/${free.id}`, {
    'providers.list': (input) => paged([free], input),
    'providers.get': () => detailsOf(free),
    'providers.remove': () => null,
  });
  press('Remove', await screen.findByRole('complementary', { name: 'OpenAI' }));
  const dialog = await screen.findByRole('dialog', { name: 'Remove OpenAI?' });
  expect(calls('providers.remove')).toEqual([]);
  press('Remove it', dialog);
  await waitFor(() => expect(calls('providers.remove')).toEqual([{ id: free.id }]));
  await waitFor(() => expect(route().id).toBeNull());
});

test('who may not sees why not', async () => {
  const { calls } = setup(`/providers/${named('OpenAI').id}`, {}, 'member');
  const panel = await screen.findByRole('complementary', { name: 'OpenAI' });
  for (const name of ['Test it', 'Edit', 'Remove']) {
    expect(within(panel).getByRole('button', { name }).getAttribute('aria-disabled')).toBe('true');
    press(name, panel);
  }
  expect(calls('providers.test')).toEqual([]);
});

test('a model without a price leads to the form of its price', async () => {
  const { calls, route } = setup(`/providers/${named('Model server on this computer').id}`, { 'prices.set': () => prices[0] });
  fireEvent.click(await screen.findByRole('link', { name: 'Add a price' }));
  expect(route().search).toEqual({ view: 'prices', price: 'llama3.1:8b' });
  const dialog = await screen.findByRole('dialog', { name: 'Add a price' });
  expect(within(dialog).getByLabelText<HTMLInputElement>('Model').value).toBe('llama3.1:8b');
  write('Input', 'free', dialog);
  write('Output', '0', dialog);
  press('Set price', dialog);
  expect(await within(dialog).findByText(/^Write US dollars for a million tokens/)).toBeTruthy();
  write('Input', '0', dialog);
  press('Set price', dialog);
  await waitFor(() => expect(calls('prices.set')).toEqual([{ pattern: 'llama3.1:8b', inputPerMillion: '0', outputPerMillion: '0', cachedInputPerMillion: null }]));
});

test('an own price goes back to the built-in one', async () => {
  const { calls } = setup('/providers?view=prices', { 'prices.remove': () => ({ pattern: 'gpt-4.1*' }) });
  fireEvent.click(await screen.findByText('gpt-4.1*'));
  const dialog = await screen.findByRole('dialog', { name: 'Price of gpt-4.1*' });
  expect(dialog.textContent).toContain('Built in: $2.00 input, $8.00 output.');
  press('Back to the built-in price', dialog);
  await waitFor(() => expect(calls('prices.remove')).toEqual([{ pattern: 'gpt-4.1*' }]));
});

test('what an account was used for this month leads to its tasks, and to all accounts', async () => {
  const account = named('OpenAI');
  const { route } = setup(`/providers/${account.id}`);
  fireEvent.click(await screen.findByRole('link', { name: 'Its tasks' }));
  expect(route()).toMatchObject({ place: 'tasks', search: { accountId: account.id, ended: expect.stringMatching(/^\d{4}-\d\d-01T00:00:00\.000Z\/\.\.$/) } });
  cleanup();
  const again = setup(`/providers/${account.id}`);
  fireEvent.click(await screen.findByRole('link', { name: 'All accounts' }));
  expect(again.route()).toMatchObject({ place: 'usage', search: { by: 'account', metric: 'cost', range: 'month' } });
});

test('the first account is asked for where there is none', async () => {
  const { route } = setup('/providers', { 'providers.list': (input) => paged([], input) });
  await screen.findByText('No provider account yet');
  fireEvent.click(screen.getAllByRole('button', { name: 'Add account' })[1] as HTMLElement);
  expect(route().search.new).toBe('1');
});

test('the form sends what the backend takes, and an edit only what it changes', () => {
  const form = { ...emptyProvider, name: 'Local', baseUrl: 'http://127.0.0.1:1/v1/' };
  expect(providerInput.parse(toProviderInput(form))).toMatchObject({ service: { baseUrl: 'http://127.0.0.1:1/v1', stallSeconds: 60 } });
  expect(toProviderInput(form)).not.toHaveProperty('key');
  expect(providerInput.parse(toProviderInput({ ...form, kind: 'simulator' }))).toMatchObject({ settings: { failureRate: 0.08 } });
  const account = named('OpenAI');
  const patch = providerPatch.parse(toProviderPatch({ ...providerFormOf(account), name: 'Main' }, account));
  expect(patch).toEqual({ id: account.id, version: account.version, name: 'Main', maxRunning: 20, models: account.models });
  expect(providerPatch.parse(toProviderPatch({ ...providerFormOf(account), stallSeconds: 5 }, account)).service).toMatchObject({ baseUrl: null, stallSeconds: 5 });
  expect(providerTestInput.parse(toTestInput(providerFormOf(account), account))).toMatchObject({ id: account.id, model: 'gpt-4.1' });
  const rules = rulesOf(true);
  expect(rules.key('', { ...emptyProvider, kind: 'openai' })).toBeNull();
  expect(rules.baseUrl('http://me:secret@example.com', emptyProvider)).toMatch(/without a password/);
});

test('words', () => {
  expect(stateWord({ state: 'refused', problem: { code: 'provider_redirect', message: '', at: '' } })).toBe('Refused');
  const tested = { ok: true, milliseconds: 12_340, models: null, model: 'm', problem: null, at: '' };
  expect(testedWords(tested)).toBe('answers in 12 s, does not list its models');
  expect(['0', '2.5', '0.000125', '1234.5', null].map(rateWords)).toEqual(['$0.00', '$2.50', '$0.000125', '$1,234.50', '–']);
});
