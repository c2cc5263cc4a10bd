// The export of the audit: every page, whole or not at all, and a CSV that no spreadsheet runs.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditShown } from '../../shared/audit.ts';
import { AppError, toProblem } from '../../shared/errors.ts';
import type { RpcRequest, RpcResponse } from '../../shared/ipc.ts';
import { exportAudit } from './audit-export.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-audit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entry = (seq: number): AuditShown => ({
  seq,
  at: '2026-11-20T17:00:00.000Z',
  actor: { kind: 'user', id: null, name: seq === 2 ? '=HYPERLINK("x")' : 'Ada, "the first"' },
  origin: '127.0.0.1',
  action: 'agents.update',
  entity: 'agent',
  entityId: 'x',
  name: 'line\nbreak',
  before: null,
  after: { name: 'writer' },
  hash: 'f'.repeat(64),
});
const page = (items: AuditShown[], nextCursor: string | null): RpcResponse => ({ ok: true, data: { items, nextCursor, searchedTo: 1, head: 3 } });

function setUp(answers: RpcResponse[], path: string | null = join(folder, 'audit')) {
  const asked: RpcRequest[] = [];
  const rested: number[] = [];
  const parts = {
    dialogs: { pickExport: () => Promise.resolve(path) },
    call: (request: RpcRequest) => {
      asked.push(request);
      return Promise.resolve(answers.shift()!);
    },
    rest: async (milliseconds: number) => void rested.push(milliseconds),
  };
  return { parts, asked, rested, read: () => readFile(join(folder, 'audit'), 'utf8') };
}

test('every page is written, in order, under the same filter', async () => {
  const { parts, asked, read } = setUp([page([entry(3)], 'c1'), page([], 'c2'), page([entry(2), entry(1)], null)]);
  expect(await exportAudit(parts, { format: 'ndjson', filter: { actor: 'Ada' } })).toEqual({ ok: true, saved: 3 });
  expect((await read()).trimEnd().split('\n').map((line) => JSON.parse(line) as AuditShown)).toEqual([entry(3), entry(2), entry(1)]);
  expect(asked.map(({ input }) => input)).toEqual([
    { actor: 'Ada', limit: 200 },
    { actor: 'Ada', limit: 200, cursor: 'c1' },
    { actor: 'Ada', limit: 200, cursor: 'c2' },
  ]);
});

test('a CSV quotes what it must and holds no formula', async () => {
  const { parts, read } = setUp([page([entry(2), entry(1)], null)]);
  await exportAudit(parts, { format: 'csv', filter: {} });
  const text = await read();
  expect(text.split('\r\n')[0]).toBe('seq,at,actor,actorKind,actorId,origin,action,entity,entityId,name,before,after,hash');
  expect(text).toContain(`"'=HYPERLINK(""x"")"`);
  expect(text).toContain('"Ada, ""the first""",user,,127.0.0.1');
  expect(text).toContain('"{""name"":""writer""}"');
  expect(text).toContain('"line\nbreak"');
});

test('a refusal for the rate is waited for; another one leaves what was there as it was', async () => {
  const limited = { ok: false as const, problem: toProblem(new AppError('rate_limited', 'Slow down.', { details: { retryAfterSeconds: 3 } })) };
  const { parts, rested } = setUp([limited, page([entry(1)], null)]);
  expect(await exportAudit(parts, { format: 'csv', filter: {} })).toEqual({ ok: true, saved: 1 });
  expect(rested).toEqual([3_000]);
  await writeFile(join(folder, 'audit'), 'older');
  const gone = { ok: false as const, problem: toProblem(new AppError('unavailable', 'The backend does not answer.')) };
  const broken = setUp([page([entry(2)], 'c'), gone]);
  expect(await exportAudit(broken.parts, { format: 'csv', filter: {} })).toMatchObject({ ok: false, problem: { code: 'unavailable', detail: expect.stringContaining('Nothing was exported') as string } });
  expect(await broken.read()).toBe('older');
  expect(await readdir(folder)).toEqual(['audit']);
});

test('whoever cancels is asked nothing more', async () => {
  const { parts, asked } = setUp([], null);
  expect(await exportAudit(parts, { format: 'csv', filter: {} })).toEqual({ ok: true, saved: null });
  expect(asked).toEqual([]);
});
