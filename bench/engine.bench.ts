// The work engine on a real PostgreSQL, beside bare SQL that writes the same rows and beside graphile-worker: draining a
// queue with all that a completion means, from a creation to the start, and bulk creation.
import pg from 'pg';
import type { Claim } from '../shared/work.ts';
import { newId } from '../backend/platform/ids.ts';
import { atOnce, systemCaller } from '../backend/platform/tenant-transaction.ts';
import { claimFor } from '../backend/tasks/claim.ts';
import { completeMany } from '../backend/tasks/complete.ts';
import { createChunk, parseLines } from '../backend/tasks/create-many.ts';
import { createClaimants, createTask, insertTasks, type Claimants } from '../backend/tasks/index.ts';
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

const ONE = { title: 'One', instructions: '', kind: 'work' as const, priority: 5, maxAttempts: 3 };

/** Completes it, so that the next round begins as this one did; answers when it was claimed. */
async function end({ run }: Bench, claiming: Promise<Claim | null | undefined>): Promise<number> {
  const claim = await claiming;
  const claimed = performance.now();
  await run(atOnce((tx) => completeMany(tx, [{ id: claim!.task.id, leaseToken: claim!.lease.token, output: 'done' }])));
  return claimed;
}

/** Milliseconds from before the creation to the claim, committed, of an agent that waits at the node that creates. */
async function startOurs(bench: Bench, claimants: Claimants): Promise<number> {
  const { run, tenant, agentId } = bench;
  const claiming = claimants.wait({ tenantId: tenant.id, agentId, caller: systemCaller, leaseSeconds: 30 }, new Promise(() => undefined));
  const started = performance.now();
  const creating = run(atOnce((tx) => createTask(tx, { ...ONE, agentId }, { claimants })));
  const claimed = await end(bench, claiming);
  await creating;
  return claimed - started;
}

/** The same of one that waits at another node, which hears the signal of the commit. */
async function startElsewhere(bench: Bench): Promise<number> {
  const { run, signals, tenant, agentId } = bench;
  const heard = signals.next('work', tenant.id, { milliseconds: 5_000 });
  const started = performance.now();
  await run(atOnce((tx) => createTask(tx, { ...ONE, agentId })));
  await heard;
  const how = { limit: 1, leaseSeconds: 30, throwOnQuota: true, last: true };
  const claiming = run(atOnce((tx) => claimFor(tx, agentId, how))).then(([claim]) => claim);
  return (await end(bench, claiming)) - started;
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

async function measureStart(bench: Bench): Promise<Figure[]> {
  const here: Pair = { ours: [], reference: [] };
  const elsewhere: Pair = { ours: [], reference: here.reference };
  await bench.clear();
  const listener = await bench.connect();
  await listener.query('listen bench');
  const claimants = createClaimants();
  for (let round = 0; round < STARTS; round += 1) {
    here.ours.push(await startOurs(bench, claimants));
    here.reference.push(await startBare(bench, listener));
    elsewhere.ours.push(await startElsewhere(bench));
  }
  await listener.end();
  const figures = [
    figureOf('creation to start, p50', 'milliseconds', here),
    figureOf('creation to start at another node, p50', 'milliseconds', elsewhere),
  ];
  return figures.map((figure) => ({ ...figure, ratio: figure.ours / figure.reference! }));
}

export async function measure(): Promise<Figure[]> {
  const bench = await openBench();
  try {
    return [...(await measureDrain(bench)), ...(await measureStart(bench)), await measureCreation(bench)];
  } finally {
    await bench.close();
  }
}
