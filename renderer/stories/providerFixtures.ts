// Provider accounts in every state, and the price table: what the stories show.
import type { Price } from '../../shared/price.ts';
import type { ProviderAccount, ProviderDetails, ProviderTest } from '../../shared/provider.ts';
import { AppError } from '../../shared/errors.ts';
import type { Handlers } from './bridge.ts';
import { agents, providers as simulators, secondsAgo, tasks, uuid } from './fixtures.ts';

const DAY = 86_400;
const inSeconds = (seconds: number): string => secondsAgo(-seconds);
const good = (ago: number, model = 'gpt-4.1-mini'): ProviderTest => ({ ok: true, milliseconds: 412, models: 12, model, problem: null, at: secondsAgo(ago) });
const service = { baseUrl: null, stallSeconds: 60, maxOutputTokens: 8_192 };

const base: ProviderAccount = {
  id: uuid('e', 2, DAY),
  version: 3,
  name: 'OpenAI',
  kind: 'openai',
  simulated: false,
  models: ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano', 'gpt-4o', 'gpt-4o-mini', 'o3', 'o3-mini', 'o4-mini'],
  settings: null,
  service,
  keyHint: 'x7Qm',
  maxRunning: 20,
  state: 'ok',
  until: null,
  problem: null,
  tested: good(2 * DAY),
  agents: 3,
  monthCostUsd: '41.2086',
  createdAt: secondsAgo(30 * DAY),
};

export const accounts: ProviderAccount[] = [
  {
    ...base, id: uuid('e', 3, DAY), name: 'Anthropic', kind: 'anthropic', models: ['claude-sonnet-4-20250514', 'claude-3-5-haiku-20241022'], keyHint: 'kR2A', maxRunning: null, agents: 2, monthCostUsd: '18.77',
    tested: good(2 * DAY, 'claude-3-5-haiku-20241022'),
    state: 'cooling', until: inSeconds(48), problem: { code: 'provider_rate_limited', message: 'Its rate is used up (429): This request would exceed your organization’s rate limit of 50 requests per minute.', at: secondsAgo(12) },
  },
  {
    ...base, id: uuid('e', 4, DAY), name: 'Gateway in the data centre', kind: 'openai_compatible', service: { ...service, baseUrl: 'https://models.northwind.example/v1' }, keyHint: '09aF', models: ['mixtral-8x22b', 'qwen2.5-72b-instruct'], agents: 4, monthCostUsd: '0.9912',
    tested: good(2 * DAY, 'mixtral-8x22b'),
    state: 'breaker_open', until: inSeconds(107), problem: { code: 'provider_unavailable', message: 'It failed on its side (503): upstream connect error.', at: secondsAgo(13) },
  },
  {
    ...base, id: uuid('e', 5, DAY), name: 'Google', kind: 'google', models: ['gemini-2.5-flash', 'gemini-2.5-pro'], keyHint: 'pQ81', agents: 1, monthCostUsd: '2.31',
    state: 'refused', problem: { code: 'provider_auth', message: 'It refuses the key (400): API key expired. Please renew the API key.', at: secondsAgo(640) },
    tested: { ok: false, milliseconds: null, models: null, model: null, problem: { code: 'provider_auth', message: 'It refuses the key (400): API key expired.', fix: 'Make a new key at the provider and paste it here; check that it may use this model and is paid for.' }, at: secondsAgo(300) },
  },
  {
    ...base, id: uuid('e', 6, DAY), name: 'Model server on this computer', kind: 'openai_compatible', service: { baseUrl: 'http://127.0.0.1:11434/v1', stallSeconds: 180, maxOutputTokens: 4_096 }, keyHint: null, models: ['llama3.1:8b'], maxRunning: 1, agents: 1, monthCostUsd: '0',
    state: 'failing', problem: { code: 'provider_not_found', message: 'It does not know the model or the address (404): model "llama3.1:70b" not found, try pulling it first.', at: secondsAgo(95) }, tested: null,
  },
  base,
  { ...(simulators[0] as ProviderAccount) },
];

export function detailsOf(account: ProviderAccount): ProviderDetails {
  const [first = 'simulated', second = first] = account.models;
  const failed = tasks.slice(0, account.state === 'ok' ? 1 : 4);
  const local = account.keyHint === null && !account.simulated;
  return {
    ...account,
    runs: agents.slice(0, account.agents).map(({ id, name }, index) => ({ id, name, model: index % 2 === 0 ? first : second })),
    month: account.simulated ? [] : [
      { model: first, attempts: 1_204, failed: 31, unpriced: local ? 1_204 : 0, inputTokens: 4_210_332, outputTokens: 902_114, costUsd: local ? '0' : account.monthCostUsd },
      ...(second === first ? [] : [{ model: second, attempts: 88, failed: 0, unpriced: 0, inputTokens: 120_044, outputTokens: 30_117, costUsd: '0.0412' }]),
    ],
    troubles: account.simulated ? [] : failed.map((task, index) => ({
      taskId: task.id, taskTitle: task.title, agentName: task.agentName ?? 'reader', attempt: index + 1,
      code: account.problem?.code ?? 'provider_stalled', message: account.problem?.message ?? 'Nothing came from it for 60 s.', at: secondsAgo(40 + index * 700),
    })),
    withoutPrice: local ? [first] : [],
  };
}

const price = (pattern: string, input: string, output: string): Price => ({
  pattern, inputPerMillion: input, cachedInputPerMillion: null, outputPerMillion: output, source: 'builtin', asOf: '2025-06-01T00:00:00.000Z', setBy: null, id: null, version: 0, builtin: null,
});
export const prices: Price[] = [
  price('claude-3-5-haiku*', '0.8', '4'),
  price('claude-sonnet-4*', '3', '15'),
  price('gemini-2.5-flash*', '0.3', '2.5'),
  price('gemini-2.5-pro*', '1.25', '10'),
  { ...price('gpt-4.1*', '1.6', '6.4'), cachedInputPerMillion: '0.4', source: 'own', asOf: secondsAgo(3 * DAY), setBy: 'Mara Keller', id: uuid('c', 1, DAY), version: 2, builtin: { inputPerMillion: '2', outputPerMillion: '8' } },
  { ...price('gpt-4o-mini*', '0.15', '0.6'), cachedInputPerMillion: '0.075' },
  { ...price('mixtral-*', '0.000125', '0.000125'), source: 'own', asOf: secondsAgo(9 * DAY), setBy: 'Mara Keller', id: uuid('c', 2, DAY), version: 1 },
];

export const providerHandlers: Handlers = {
  'providers.get': (input) => {
    const found = accounts.find(({ id }) => id === input.id);
    if (!found) throw new AppError('not_found', 'No such provider account.');
    return detailsOf(found);
  },
  'providers.test': () => ({ ...good(0), list: base.models }),
};
