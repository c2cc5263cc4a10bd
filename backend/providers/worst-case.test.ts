// What is reserved is never less than what an attempt is recorded with, whatever the service says that it used.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestBackend, type Api, type TestBackend } from '../testing/backend.ts';
import { systemCaller } from '../platform/tenant-transaction.ts';
import { openPeer, says, type Peer } from './testing/peer.ts';
import { worstCaseCosts } from './worst-case.ts';

let backend: TestBackend;
let peer: Peer;
let api: Api;
let costs: (agentId: string, taskIds: string[]) => Promise<(string | null | undefined)[]>;
beforeAll(async () => {
  [backend, peer] = await Promise.all([openTestBackend('pglite'), openPeer()]);
  const owner = await backend.register();
  api = owner.api;
  const tenant = (await backend.test.tenants.find(owner.organization.id))!;
  costs = (agentId, taskIds) =>
    backend.foundation.runInTenant(tenant, systemCaller, async (tx) => {
      const found = await worstCaseCosts(tx, agentId, taskIds);
      return taskIds.map((id) => found.get(id));
    });
});
afterAll(async () => {
  await backend.close();
  await peer.close();
});

const idOf = async (operation: string, input: object): Promise<string> => ((await api.do(operation, input)) as { id: string }).id;
const runAt = new Date(Date.now() + 3e9).toISOString();

it('is nothing for the simulator, and unknown without a price or an account', async () => {
  const accountId = await idOf('providers.create', { name: 'Simulator', kind: 'simulator' });
  const simulated = await idOf('agents.create', { name: 'simulated', kind: 'hosted', provider: { accountId, model: 'simulated' } });
  const service = await idOf('providers.create', { name: 'Free', kind: 'openai_compatible', service: { baseUrl: peer.url } });
  const unpriced = await idOf('agents.create', { name: 'unpriced', kind: 'hosted', provider: { accountId: service, model: 'nameless' } });
  const external = await idOf('agents.create', { name: 'external', kind: 'external' });
  const task = await idOf('tasks.create', { title: 'Later', agentId: external, runAt });
  expect([await costs(simulated, [task]), await costs(unpriced, [task]), await costs(external, [task])]).toEqual([['0'], [null], [null]]);
  const dear = await idOf('providers.create', { name: 'Dear', kind: 'simulator', settings: { costUsd: 0.5 } });
  const pretending = await idOf('agents.create', { name: 'pretending', kind: 'hosted', provider: { accountId: dear, model: 'simulated' } });
  expect(await costs(pretending, [task])).toEqual([null]);
});

it('holds for the largest figures that are believed, with handoff notes, letters of many bytes and findings', async () => {
  await api.do('prices.set', { pattern: 'peer-1', inputPerMillion: '3', outputPerMillion: '15' });
  const accountId = await idOf('providers.create', { name: 'Peer', kind: 'openai_compatible', service: { baseUrl: peer.url, maxOutputTokens: 1_000 } });
  const agentId = await idOf('agents.create', { name: 'counter', kind: 'hosted', provider: { accountId, model: 'peer-1' }, instructions: '数える'.repeat(500) });
  const instructions = '船を数える 🚢 '.repeat(1_000);
  const later = await idOf('tasks.create', { title: 'Count', agentId, instructions, runAt });
  const [reserved] = await costs(agentId, [later]);
  // As much as is believed: a token for each byte of what was sent, and all that may be written.
  peer.mode = async (asked, answer) => {
    const sent = (asked.body.messages as { content: string }[]).reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    await says({ usage: { prompt_tokens: sent + 3_900, completion_tokens: 1_000, total_tokens: sent + 4_900 } })(asked, answer);
  };
  const ran = await idOf('tasks.create', { title: 'Count', agentId, instructions });
  await expect.poll(async () => (await api.do('tasks.get', { id: ran })).state, { timeout: 10_000 }).toBe('succeeded');
  const { attempts } = await api.do('tasks.details', { id: ran });
  expect(attempts[0].usageEstimated).toBe(false);
  expect(Number(attempts[0].costUsd)).toBeGreaterThan(0.05);
  expect(Number(reserved)).toBeGreaterThanOrEqual(Number(attempts[0].costUsd));
});
