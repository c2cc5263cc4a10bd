// Reviews over HTTP, on both databases: the contract's paths, conflicts, and many people deciding at once.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Review, ReviewItem } from '../../shared/review.ts';
import { openTestBackend, type Api, type TestBackend } from '../testing/backend.ts';
import { runDeciders, wishes, type Doors } from './testing/random-deciders.ts';

const DECIDERS = 4;
const FOUGHT_OVER = 3;

describe.each(['pglite', 'postgres'] as const)('reviews on %s', (dialect) => {
  let backend: TestBackend;
  let owner: Api;
  let organization: string;
  let checklistId: string;
  beforeAll(async () => {
    backend = await openTestBackend(dialect);
    const registered = await backend.register('Review Works');
    owner = registered.api;
    organization = registered.organization.id;
    checklistId = (await owner.do('checklists.list')).items[0].id;
  });
  afterAll(() => backend.close());

  const begin = (level = 1): Promise<Review> => owner.do('reviews.create', { checklistId, level, title: 'Launch' });
  const item = async (id: string, ref: string): Promise<ReviewItem> =>
    ((await owner.do('reviews.get', { id })) as Review).items.find((one) => one.ref === ref)!;

  it('answers the paths of the contract', async () => {
    const call = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${backend.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${owner.token}`, ...(body && { 'content-type': 'application/json' }) },
        body: body ? JSON.stringify(body) : null,
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json');
      return { status: response.status, body: json ? JSON.parse(text) : text };
    };
    const listed = await call('GET', '/api/checklists');
    expect(listed.body).toMatchObject({ items: [{ id: checklistId, name: 'Launch checklist' }], nextCursor: null });
    const whole = await call('GET', `/api/checklists/${checklistId}`);
    expect(whole.body.items[0]).toMatchObject({ ref: 'ISO-01', section: 'Tenant isolation', level: 1 });
    const made = await call('POST', '/api/reviews', { checklistId, level: 1, title: 'By path' });
    expect([made.status, made.body.state, made.body.checklistId]).toEqual([201, 'open', checklistId]);
    const path = `/api/reviews/${made.body.id}`;
    const decided = await call('PATCH', `${path}/items/ISO-01`, { verdict: 'pass', note: 'Seen', version: 1 });
    expect([decided.status, decided.body.version]).toEqual([200, 2]);
    const stale = await call('PATCH', `${path}/items/ISO-01`, { verdict: 'fail', version: 1 });
    expect(stale).toMatchObject({ status: 409, body: { code: 'version_conflict', current: { verdict: 'pass' } } });
    const bare = await call('PATCH', `${path}/items/ISO-02`, { verdict: 'waived', version: 1 });
    expect(bare).toMatchObject({ status: 422, body: { code: 'validation_failed', fields: [{ path: 'waiver' }] } });
    expect((await call('PATCH', `${path}/items/NO%2FSUCH`, { verdict: 'pass', version: 1 })).status).toBe(404);
    expect((await call('POST', `${path}/items/ISO-03/look`, {})).body.lookedAt).not.toBeNull();
    expect((await call('POST', `${path}/submit`, {})).body.code).toBe('transition_not_allowed');
    const report = await call('GET', `${path}/report`);
    expect(report.body).toMatch(/^# By path\n/);
    expect((await call('GET', path)).body.items[0]).toMatchObject({ ref: 'ISO-01', verdict: 'pass', note: 'Seen' });
  });

  it('refuses one of two who decide at the same moment, with what the other decided', async () => {
    const { id, items } = await begin();
    const other = (await backend.addMember(organization, 'reviewer')).api;
    for (const { ref, version } of items.slice(0, 8)) {
      const answers = await Promise.all([
        owner.call('reviews.decide', { id, ref, verdict: 'pass', note: 'Mine', version }),
        other.call('reviews.decide', { id, ref, verdict: 'fail', note: 'Theirs', version }),
      ]);
      const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
      expect([won!.status, lost!.status, lost!.body.code]).toEqual([200, 409, 'version_conflict']);
      const now = await item(id, ref);
      expect([won!.body, lost!.body.current]).toEqual([now, now]);
    }
  });

  it('loses nothing of random people at once, and keeps its counters equal to a recount', async () => {
    const people: Api[] = [owner];
    while (people.length < DECIDERS) people.push((await backend.addMember(organization, 'reviewer')).api);
    let refused = 0;
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(wishes(fc, { deciders: DECIDERS, items: FOUGHT_OVER }), async (all) => {
        const { id } = await begin();
        const doors = people.map(
          (api): Doors => ({
            read: () => owner.do('reviews.get', { id }),
            look: (ref) => api.do('reviews.look', { id, ref }),
            async decide(input) {
              const { status, body } = await api.call('reviews.decide', { id, ...input });
              return status === 200 ? { ok: true, item: body } : { ok: false, code: body.code, current: body.current };
            },
          }),
        );
        const outcome = await runDeciders(doors, all);
        accepted += outcome.accepted;
        refused += outcome.refused;
      }),
      { numRuns: 8 },
    );
    // They did get into each other's way, and some of them through.
    expect([accepted > 20, refused > 5]).toEqual([true, true]);
  });

  it('submits a whole review that was decided item by item', async () => {
    const { id, items } = await begin();
    await Promise.all(items.map(({ ref, version }) => owner.do('reviews.decide', { id, ref, verdict: 'pass', version })));
    const submitted: Review = await owner.do('reviews.submit', { id });
    expect(submitted.counts).toMatchObject({ total: items.length, decided: items.length, passed: items.length });
  });
});
