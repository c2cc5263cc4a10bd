// A change whose answer was lost is sent again under its key: made once, answered alike, through every door.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../shared/identity.ts';
import { openTestBackend, type Api, type TestBackend } from './testing/backend.ts';

describe.each(['pglite', 'postgres'] as const)('a repeated request on %s', (dialect) => {
  let backend: TestBackend;
  let owner: Session & { api: Api };
  beforeAll(async () => {
    backend = await openTestBackend(dialect);
    owner = await backend.register();
  });
  afterAll(() => backend.close());

  const task = { title: 'Sweep the quay', agentId: undefined };
  const key = () => ({ 'idempotency-key': crypto.randomUUID() });
  const count = async (): Promise<number> =>
    Object.values((await owner.api.do('tasks.count')) as Record<string, number>).reduce((sum, part) => sum + part, 0);

  async function overTrpc(path: string, input: object, headers: Record<string, string>) {
    const response = await fetch(`${backend.url}/trpc/${path}`, {
      method: 'POST',
      headers: { 'authorization': `Bearer ${owner.accessToken}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(input),
    });
    // oxlint-disable-next-line typescript/no-explicit-any -- an answer or a problem
    return { status: response.status, body: (await response.json()) as any };
  }

  it('is made once, one after the other and at the same time', async () => {
    const before = await count();
    const headers = key();
    const first = await owner.api.do('tasks.create', task, headers);
    expect(await owner.api.do('tasks.create', task, headers)).toEqual(first);
    const together = key();
    const answers = await Promise.all([1, 2, 3, 4].map(() => owner.api.do('tasks.create', task, together)));
    expect(new Set(answers.map(({ id }: { id: string }) => id)).size).toBe(1);
    expect(await count()).toBe(before + 2);
  });

  it('is made once whichever door it came through, for any change', async () => {
    const headers = key();
    const agent = { name: `keeper-${dialect}`, kind: 'external' };
    const first = await overTrpc('agents.create', agent, headers);
    expect(first.status).toBe(200);
    expect((await overTrpc('agents.create', agent, headers)).body).toEqual(first.body);
    expect(await owner.api.do('agents.create', agent, headers)).toEqual(first.body.result.data);
    expect((await overTrpc('agents.create', agent, key())).body.error.data.problem.code).toBe('conflict');
  });

  it('under a key of something else is refused, and what failed may be tried again', async () => {
    const headers = key();
    await owner.api.do('tasks.create', task, headers);
    const other = await owner.api.call('tasks.create', { title: 'Another' }, headers);
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch' } });
    const failing = key();
    expect((await owner.api.call('tasks.create', { title: '' }, failing)).status).toBe(422);
    expect((await owner.api.call('tasks.create', task, failing)).status).toBe(201);
  });

  it('never answers the text of an API key a second time', async () => {
    const headers = key();
    const asked = { name: 'Once', scopes: ['tasks:read'] };
    const made = await owner.api.do('keys.create', asked, headers);
    const again = await owner.api.call('keys.create', asked, headers);
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(JSON.stringify(again.body)).not.toContain(made.key);
  });
});
