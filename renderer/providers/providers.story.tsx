// The provider accounts and the price table in every state in which a person meets them.
import type { ProviderAccount } from '../../shared/provider.ts';
import { AppError } from '../../shared/errors.ts';
import { failing, paged, pending, type Handlers } from '../stories/bridge.ts';
import { meAs, uuid } from '../stories/fixtures.ts';
import { accounts, prices } from '../stories/providerFixtures.ts';
import { defineStories, type StoryState } from '../stories/story.ts';

const all: Handlers = { 'providers.list': (input) => paged(accounts, input), 'prices.list': (input) => paged(prices, input) };
const at = (name: string): string => `/providers/${accounts.find((account) => account.name === name)?.id}`;
const open = (name: string, more: StoryState = {}): StoryState => ({ path: at(name), handlers: all, ...more });
const many = Array.from({ length: 400 }, (_, index): ProviderAccount => {
  const like = accounts[index % accounts.length] as ProviderAccount;
  return { ...like, id: uuid('e', index + 100), name: `${like.name} ${index + 1}` };
});
const none: Handlers = { 'providers.list': (input) => paged([], input) };
const taken = (): never => {
  throw new AppError('conflict', 'There is already a provider account "OpenAI". Choose another name.', { details: { fields: [{ path: 'name', message: 'Choose a name that no other account has.' }] } });
};

export const stories = defineStories('providers', {
  some: { path: '/providers', handlers: all },
  ok: open('OpenAI'),
  cooling: open('Anthropic'),
  'breaker open': open('Gateway in the data centre'),
  'key refused': open('Google'),
  'its last answer an error': open('Model server on this computer'),
  simulator: open('Simulator'),
  viewer: open('OpenAI', { me: meAs('viewer') }),
  'new account': { path: '/providers?new=1', handlers: all },
  'new account, refused': { path: '/providers?new=1', handlers: { ...all, 'providers.create': taken } },
  gone: { path: `/providers/${uuid('e', 9_999)}`, handlers: all },
  many: { path: '/providers', handlers: { ...all, 'providers.list': (input) => paged(many, input) } },
  empty: { path: '/providers', handlers: none },
  'one loading': open('OpenAI', { handlers: { 'providers.list': pending, 'providers.get': pending } }),
  loading: { path: '/providers', handlers: { 'providers.list': pending } },
  failing: { path: '/providers', handlers: { 'providers.list': failing('unavailable', 'The backend does not answer.') } },
  'one failing': open('OpenAI', { handlers: { ...all, 'providers.get': failing('unavailable', 'The backend does not answer.') } }),
  prices: { path: '/providers?view=prices', handlers: all },
  'a built-in price': { path: '/providers?view=prices&price=gpt-4o-mini*', handlers: all },
  'an own price': { path: '/providers?view=prices&price=gpt-4.1*', handlers: all },
  'a new price': { path: '/providers?view=prices&price=llama3.1:8b', handlers: all },
  'prices loading': { path: '/providers?view=prices', handlers: { 'prices.list': pending } },
  'prices failing': { path: '/providers?view=prices', handlers: { 'prices.list': failing('unavailable', 'The backend does not answer.') } },
});
