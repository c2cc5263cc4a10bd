// Bulk creation: every line is answered, a bad one stops no other, and what is written says the same as one by one.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BULK_LINES, type BulkLine } from '../../shared/task.ts';
import { changeAgent } from '../agents/index.ts';
import { rows } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { createChunk, parseLines } from './create-many.ts';
import { createTask } from './create.ts';
import { conditionOf } from './filter.ts';
import { readTask, toSummary, findTasks } from './rows.ts';
import { checkHistory, checkInvariants } from './testing/random-walk.ts';
import { makeWorkspace, type TestWorkspace } from './testing/workspace.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
});
afterAll(() => database.close());

const refusals = (ndjson: string) => parseLines(ndjson).refused.map(({ line, error }) => [line, error.code, error.message]);

describe('lines', () => {
  it('are counted as they were sent, blank ones and a byte order mark passed over', () => {
    const { parsed, refused } = parseLines('\uFEFF{"title":"a"}\r\n\n  \n{"title":"b","priority":9}');
    expect(parsed.map(({ line, input }) => [line, input.title, input.priority])).toEqual([[1, 'a', 5], [4, 'b', 9]]);
    expect(refused).toEqual([]);
  });

  it('that are wrong name the field and the fix', () => {
    const bad = [
      '{"title":"cut',
      '[]',
      '{"title":""}',
      '{"title":"a","priority":10}',
      '{"title":"a","agentId":"019d2f6a-0400-7a31-8f0c-a000000000ff","capabilities":["x"]}',
      '{"title":"a","instructions":"nul \\u0000"}',
      '{"title":"half \\ud800"}',
    ];
    const answers = refusals(bad.join('\n'));
    expect(answers.map(([line]) => line)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(answers[0]).toEqual([1, 'malformed_request', expect.stringContaining('one JSON object a line')]);
    expect(answers[2]?.[2]).toContain('title:');
    expect(answers[3]?.[2]).toContain('priority:');
    expect(answers[4]?.[2]).toContain('capabilities:');
    for (const [, code] of answers.slice(1)) expect(code).toBe('validation_failed');
  });

  it('are at most ten thousand; more create nothing and say the limit', () => {
    const many = Array.from({ length: MAX_BULK_LINES + 1 }, (_, index) => `{"title":"${index}"}`);
    expect(parseLines(many.slice(1).join('\n')).parsed).toHaveLength(MAX_BULK_LINES);
    expect(() => parseLines(many.join('\n'))).toThrow(expect.objectContaining({ code: 'payload_too_large', details: { limit: MAX_BULK_LINES } }));
  });
});

describe('creation', () => {
  let workspace: TestWorkspace;
  let agent: string;
  beforeAll(async () => {
    workspace = await makeWorkspace(database);
    agent = await workspace.addAgent('reader');
  });

  const create = (lines: object[], key?: string): Promise<BulkLine[]> =>
    workspace.run((tx) => createChunk(tx, parseLines(lines.map((line) => JSON.stringify(line)).join('\n')).parsed, key));
  const idsOf = (answers: BulkLine[]): string[] => answers.flatMap((answer) => ('id' in answer ? [answer.id] : []));

  it('writes the same rows, events and audit as one by one', async () => {
    const dependency = idsOf(await create([{ title: 'first', agentId: agent }]))[0]!;
    const inputs = [
      { title: 'plain' },
      { title: 'full', instructions: 'Read "it"\n\\ and {so}, on', agentId: agent, priority: 9, timeLimitSeconds: 60, maxAttempts: 1 },
      { title: 'able', capabilities: ['a b', 'c"d\\', '{e,f}'], runAt: '2031-01-01T00:00:00+02:00', retry: { initialSeconds: 3, factor: 1, maxSeconds: 3, nonRetryable: ['x'] } },
      { title: 'after', agentId: agent, dependsOn: [dependency] },
      { title: 'gate', kind: 'approval' },
    ];
    const many = idsOf(await create(inputs));
    const single: string[] = [];
    for (const input of inputs) {
      const { parsed } = parseLines(JSON.stringify(input));
      const answered = await workspace.run((tx) => createTask(tx, parsed[0]!.input));
      // What the creation answers is what is read from the row.
      expect(answered).toEqual(await workspace.run((tx) => readTask(tx, answered.id)));
      single.push(answered.id);
    }
    const comparable = async (ids: string[]) => {
      const tasks = await Promise.all(ids.map((id) => workspace.run((tx) => readTask(tx, id))));
      return tasks.map(({ id: _id, createdAt: _at, ...rest }) => rest);
    };
    expect(await comparable(many)).toEqual(await comparable(single));
    expect((await comparable(many)).map(({ state }) => state)).toEqual(['queued', 'queued', 'queued', 'waiting', 'waiting']);

    // The event says what a list reads from the row.
    const shown = await workspace.run(async (tx) => (await findTasks(tx, sql`t.id = any(${many}::uuid[]) order by t.id`)).map(toSummary));
    const events = await workspace.run(({ db }) =>
      rows(db, sql<{ data: object }>`select distinct on (entity_id) data from events
        where entity_id = any(${many}::uuid[]) order by entity_id, seq desc`),
    );
    expect(events.map(({ data }) => data)).toEqual(shown);
    await checkInvariants(workspace);
    await checkHistory(workspace);
  });

  it('is found by when it was created', async () => {
    const [id] = idsOf(await create([{ title: 'of now' }]));
    const task = await workspace.run((tx) => readTask(tx, id!));
    const at = Date.parse(task.createdAt);
    const span = (from: number, to: number) => `${new Date(at + from).toISOString()}/${new Date(at + to).toISOString()}`;
    const found = async (created: string): Promise<string[]> =>
      (await workspace.run((tx) => findTasks(tx, conditionOf({ created })))).map((one) => one.id);
    expect(await found(span(0, 1_000))).toContain(id);
    expect(await found(span(-1_000, 0))).not.toContain(id);
    expect(await found(span(3_600_000, 7_200_000))).toEqual([]);
  });

  it('refuses the lines that name what is not there, and creates the others', async () => {
    const gone = await workspace.addAgent('gone');
    await workspace.run(async (tx) => {
      await changeAgent(tx, { id: gone, status: 'paused' });
      await sql`update agents set status = 'retired' where id = ${gone}`.execute(tx.db);
    });
    const nobody = '019d2f6a-0400-7a31-8f0c-a000000000ff';
    const answers = await create([
      { title: 'a', agentId: nobody },
      { title: 'b', agentId: gone },
      { title: 'c', dependsOn: [nobody] },
      { title: 'd', agentId: agent },
    ]);
    expect(answers.map((answer) => ('error' in answer ? answer.error.code : 'created'))).toEqual([
      'not_found', 'conflict', 'not_found', 'created',
    ]);
    expect(answers.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });

  it('creates each line once under one key, and refuses a changed line', async () => {
    const lines = [{ title: 'once' }, { title: 'and again' }];
    const first = await create(lines, 'import-7');
    expect(await create(lines, 'import-7')).toEqual(first);
    const changed = await create([lines[0]!, { title: 'something else' }], 'import-7');
    expect(changed[0]).toEqual(first[0]);
    expect(changed[1]).toMatchObject({ line: 2, error: { code: 'idempotency_mismatch' } });
    expect(idsOf(await create(lines, 'import-8'))).toHaveLength(2);
  });
});
