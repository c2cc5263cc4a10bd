// The work engine on a real PostgreSQL, beside bare SQL that writes the same rows and beside graphile-worker: draining a
// queue with all that a completion means, from a creation to the start, and bulk creation.
import pg from 'pg';
import { newId } from '../backend/platform/ids.ts';
import { atOnce } from '../backend/platform/tenant-transaction.ts';
import { claimFor } from '../backend/tasks/claim.ts';
import { completeMany } from '../backend/tasks/complete.ts';
import { createChunk, parseLines } from '../backend/tasks/create-many.ts';
import { createTask, insertTasks } from '../backend/tasks/index.ts';
import { createBare, drainBare } from './engine/bare.ts';
import { drainGraphile } from './engine/graphile.ts';
import { middle, openBench, rangeOf, seconds, type Bench } from './engine/open.ts';
import type { Figure } from './run.ts';

const TASKS = 4_000;
const BATCH = 100;
const ROUNDS = 5;
const STARTS = 200;
const CREATED = 10_000;
const CHUNK = 1_000;

async function fill({ run, agentId }: Bench): Promise<void> {
  for (let from = 0; from < TASKS; from += CHUNK) {
    const tasks = Array.from({ length: CHUNK }, (_, index) => ({
      id: newId(), title: `Task ${from + index}`, instructions: 'Do it.', agentId, timeLimitSeconds: 900, dependsOn: [],
    }));
    await run((tx) => insertTasks(tx, tasks));
  }
}

/** Claims a batch in one transaction and completes it in another, as the runner's reports go together under load. */
async function drain({ run, agentId }: Bench): Promise<void> {
  for (;;) {
    const claims = await run(atOnce((tx) => claimFor(tx, agentId, { limit: BATCH, leaseSeconds: 30, throwOnQuota: true, last: true })));
    if (claims.length === 0) return;
    const done = claims.map(({ task, lease }) => ({ id: task.id, leaseToken: lease.token, output: 'done' }));
    const outcomes = await run(atOnce((tx) => completeMany(tx, done)));
    if (outcomes.some((outcome) => outcome !== 'done')) throw new Error('A completion was refused.');
  }
}

interface Pair {
  ours: number[];
  reference: number[];
}

function figureOf(name: string, unit: string, { ours, reference }: Pair): Figure {
  const ratios = ours.map((value, index) => value / reference[index]!);
  return {
    name,
    unit,
    ours: middle(ours),
    reference: middle(reference),
    ratio: middle(ratios),
    spread: { ours: rangeOf(ours), reference: rangeOf(reference), ratio: rangeOf(ratios) },
  };
}

/** Interleaved, so that a slow moment of the machine hits both. */
async function measureDrain(bench: Bench): Promise<Figure[]> {
  const pair: Pair = { ours: [], reference: [] };
  const graphile: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await bench.clear();
    await fill(bench);
    pair.ours.push(TASKS / (await seconds(() => drain(bench))));
    await bench.clear();
    await fill(bench);
    pair.reference.push(TASKS / (await seconds(() => drainBare(bench, BATCH))));
    graphile.push(TASKS / (await drainGraphile(bench, TASKS)));
  }
  return [
    figureOf('drain, beside bare SQL', 'tasks a second', pair),
    figureOf('drain, beside graphile-worker', 'tasks a second', { ours: pair.ours, reference: graphile }),
  ];
}

async function measureCreation(bench: Bench): Promise<Figure> {
  const pair: Pair = { ours: [], reference: [] };
  const titles = Array.from({ length: CREATED }, (_, index) => `Task ${index}`);
  const ndjson = titles.map((title) => JSON.stringify({ title, instructions: 'Do it.', agentId: bench.agentId })).join('\n');
  for (let round = 0; round < ROUNDS; round += 1) {
    await bench.clear();
    const ours = await seconds(async () => {
      const { parsed } = parseLines(ndjson);
      for (let from = 0; from < parsed.length; from += CHUNK) {
        await bench.run((tx) => createChunk(tx, parsed.slice(from, from + CHUNK)));
      }
    });
    await bench.clear();
    const reference = await seconds(async () => {
      const chunks = Array.from({ length: CREATED / CHUNK }, (_, index) => ({
        ids: Array.from({ length: CHUNK }, newId),
        titles: titles.slice(index * CHUNK, (index + 1) * CHUNK),
      }));
      await createBare(bench, chunks);
    });
    pair.ours.push(CREATED / ours);
    pair.reference.push(CREATED / reference);
  }
  return figureOf('bulk creation, beside unnest', 'tasks a second', pair);
}

/** Milliseconds from before the creation to the claim that a waiting claimant has committed. */
async function startOurs({ run, signals, tenant, agentId }: Bench): Promise<number> {
  const heard = signals.next('work', tenant.id, { milliseconds: 5_000 });
  const started = performance.now();
  const input = { title: 'One', instructions: '', kind: 'work' as const, priority: 5, maxAttempts: 3, agentId };
  await run(atOnce((tx) => createTask(tx, input)));
  await heard;
  const [claim] = await run(atOnce((tx) => claimFor(tx, agentId, { limit: 1, leaseSeconds: 30, throwOnQuota: true, last: true })));
  const took = performance.now() - started;
  await run(atOnce((tx) => completeMany(tx, [{ id: claim!.task.id, leaseToken: claim!.lease.token, output: 'done' }])));
  return took;
}

/** The same by a bare INSERT with NOTIFY, and a claim with SKIP LOCKED on the connection that heard it. */
async function startBare({ bare, agentId }: Bench, listener: pg.Client): Promise<number> {
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  listener.once('notification', () => resolve());
  const started = performance.now();
  await bare.query('begin');
  await bare.query(
    `insert into tasks (id, title, state, agent_id, queued_at, time_limit_seconds, created_by)
     values ($1, 'One', 'queued', $2, now(), 900, '{}')`,
    [newId(), agentId],
  );
  await bare.query(`select pg_notify('bench', '')`);
  await bare.query('commit');
  await heard;
  await listener.query(
    `update tasks set state = 'running', version = version + 1, lease_token = 'x' where id in (select id from tasks
       where state = 'queued' and agent_id = $1 order by priority desc, queued_at, id limit 1 for update skip locked) returning id`,
    [agentId],
  );
  const took = performance.now() - started;
  await bare.query(`update tasks set state = 'succeeded', version = version + 1, lease_token = null where state = 'running'`);
  return took;
}

async function measureStart(bench: Bench): Promise<Figure> {
  const pair: Pair = { ours: [], reference: [] };
  await bench.clear();
  const listener = await bench.connect();
  await listener.query('listen bench');
  for (let round = 0; round < STARTS; round += 1) {
    pair.ours.push(await startOurs(bench));
    pair.reference.push(await startBare(bench, listener));
  }
  await listener.end();
  const figure = figureOf('creation to start, p50', 'milliseconds', pair);
  return { ...figure, ratio: figure.ours / figure.reference! };
}

export async function measure(): Promise<Figure[]> {
  const bench = await openBench();
  try {
    return [...(await measureDrain(bench)), await measureStart(bench), await measureCreation(bench)];
  } finally {
    await bench.close();
  }
}
