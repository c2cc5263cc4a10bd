// Bulk creation: NDJSON, one task a line. A bad line stops no other; what is good goes in by the thousand, each
// thousand in a transaction of its own.
import { createHash } from 'node:crypto';
import { AppError, type FieldError } from '../../shared/errors.ts';
import { MAX_BULK_LINES, taskInput, type BulkLine, type TaskInput } from '../../shared/task.ts';
import { canonicalJson } from '../platform/audit-chain.ts';
import { rows, sql } from '../platform/database.ts';
import { fieldErrors, unstorable } from '../platform/doors/fields.ts';
import { newId } from '../platform/ids.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { insertTasks, newTask, type NewTask } from './create.ts';
import { readTakers, type Taker } from './insert-queued.ts';
import { holdDependencies } from './waiting.ts';

/** Rows of one transaction: it holds the tenant's head row for some tens of milliseconds. */
export const BULK_CHUNK = 1_000;

export interface ParsedLine {
  /** Counts from 1 in the text as it was sent. */
  line: number;
  input: TaskInput;
}

type Refusal = Extract<BulkLine, { error: unknown }>;

const refuse = (line: number, message: string, more: { code?: string; fields?: FieldError[] } = {}): Refusal => ({
  line,
  error: { code: more.code ?? 'validation_failed', message, ...(more.fields && { fields: more.fields }) },
});

/** Reads each line; blank ones are passed over. Throws when there are too many. */
export function parseLines(ndjson: string): { parsed: ParsedLine[]; refused: Refusal[] } {
  const parsed: ParsedLine[] = [];
  const refused: Refusal[] = [];
  for (const [index, text] of ndjson.replace(/^\uFEFF/, '').split('\n').entries()) {
    if (text.trim() === '') continue;
    if (parsed.length + refused.length === MAX_BULK_LINES) {
      throw new AppError(
        'payload_too_large',
        `Send at most ${MAX_BULK_LINES} tasks a call. Nothing was created; split the file.`,
        { details: { limit: MAX_BULK_LINES } },
      );
    }
    const read = parseLine(text, index + 1);
    if ('error' in read) refused.push(read);
    else parsed.push(read);
  }
  return { parsed, refused };
}

function parseLine(text: string, line: number): ParsedLine | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(line, 'This line is not valid JSON. Write one task as one JSON object a line.', { code: 'malformed_request' });
  }
  const read = taskInput.safeParse(value);
  if (!read.success) return refuseFields(line, fieldErrors(read.error));
  const fields = unstorable(read.data);
  if (fields.length > 0) return refuseFields(line, fields);
  if (read.data.agentId !== undefined && (read.data.capabilities?.length ?? 0) > 0) {
    return refuseFields(line, [{ path: 'capabilities', message: 'Leave it out where agentId is given.' }]);
  }
  return { line, input: read.data };
}

function refuseFields(line: number, fields: FieldError[]): Refusal {
  const named = fields.map(({ path, message }) => `${path}: ${message}`).join(' ');
  return refuse(line, named.slice(0, 1_000), { fields: fields.slice(0, 20) });
}

/** Creates the tasks of one chunk; with a key, a line that was created by the same call before answers its task. */
export async function createChunk(tx: TenantTransaction, chunk: ParsedLine[], key?: string): Promise<BulkLine[]> {
  const before = key === undefined ? new Map<string, Answered>() : await answeredBefore(tx, chunk, key);
  const fresh = chunk.filter(({ line }) => !before.has(`${key}:${line}`));
  const takers = await readTakers(tx, [...new Set(fresh.flatMap(({ input }) => input.agentId ?? []))]);
  const agents = new Map(takers.map((agent) => [agent.id, agent]));
  const known = await readKnown(tx, fresh);
  const answers: BulkLine[] = [];
  const created: (ParsedLine & { id: string })[] = [];
  for (const one of chunk) {
    const answered = before.get(`${key}:${one.line}`);
    if (answered) {
      answers.push(answered.hash === hashOf(one.input) ? { line: one.line, id: answered.id } : mismatch(one.line));
      continue;
    }
    const refusal = checkReferences(one, { agents, known });
    if (refusal) {
      answers.push(refusal);
      continue;
    }
    const id = newId();
    created.push({ ...one, id });
    answers.push({ line: one.line, id });
  }
  const tasks: NewTask[] = [];
  // Most depend on nothing: none of those waits for anything.
  for (const { id, input } of created) {
    const dependsOn = input.dependsOn?.length ? await holdDependencies(tx, input.dependsOn) : [];
    tasks.push(newTask(input, { id, taker: agents.get(input.agentId ?? ''), dependsOn }));
  }
  await insertTasks(tx, tasks, takers);
  if (key !== undefined) await noteKeys(tx, created, key);
  return answers;
}

/** Of the tasks that are depended on, those that are there. */
async function readKnown(tx: TenantTransaction, lines: ParsedLine[]): Promise<Set<string>> {
  const ids = [...new Set(lines.flatMap(({ input }) => input.dependsOn ?? []))];
  if (ids.length === 0) return new Set();
  const found = await rows(tx.db, sql<{ id: string }>`select id from tasks where id = any(${ids}::uuid[])`);
  return new Set(found.map(({ id }) => id));
}

function checkReferences(
  { line, input }: ParsedLine,
  there: { agents: Map<string, Taker>; known: Set<string> },
): Refusal | undefined {
  const agent = input.agentId === undefined ? undefined : there.agents.get(input.agentId);
  if (input.agentId !== undefined && !agent) return refuse(line, 'agentId: there is no such agent.', { code: 'not_found' });
  if (agent?.status === 'retired') {
    return refuse(line, `agentId: ${agent.name} is retired. Give the task to another agent.`, { code: 'conflict' });
  }
  if (input.dependsOn?.some((id) => !there.known.has(id))) return refuse(line, 'dependsOn: it names a task that is not there.', { code: 'not_found' });
  return undefined;
}

interface Answered {
  id: string;
  hash: string;
}

const hashOf = (input: TaskInput): string => createHash('sha256').update(canonicalJson(input)).digest('hex');
const mismatch = (line: number): Refusal =>
  refuse(line, 'This Idempotency-Key was used with another line here. Use a new key.', { code: 'idempotency_mismatch' });

async function answeredBefore(tx: TenantTransaction, chunk: ParsedLine[], key: string): Promise<Map<string, Answered>> {
  // Two calls with one key at once: the second waits here for the first.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.tenant.id}:bulk:${key}`}, 0))`.execute(tx.db);
  const keys = chunk.map(({ line }) => `${key}:${line}`);
  const found = await rows(tx.db, sql<{ key: string; id: string; hash: string }>`
    select key, entity_id as id, request_hash as hash from idempotency_keys
    where operation = 'tasks.createMany' and key = any(${keys}::text[])`);
  return new Map(found.map(({ key: of, id, hash }) => [of, { id, hash }]));
}

async function noteKeys(tx: TenantTransaction, created: (ParsedLine & { id: string })[], key: string): Promise<void> {
  await sql`insert into idempotency_keys (operation, key, request_hash, entity_id)
    select 'tasks.createMany', n.key, n.hash, n.id
    from unnest(${created.map(({ line }) => `${key}:${line}`)}::text[], ${created.map(({ input }) => hashOf(input))}::text[],
      ${created.map(({ id }) => id)}::uuid[]) as n(key, hash, id)`.execute(tx.db);
}
