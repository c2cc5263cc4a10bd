// Proof: the floor of a plan is kept over its whole run. The sample plan where it is beside the checkout, an
// example of ours otherwise, on the simulator; the run is reconstructed from the times of every attempt.
//   npm run prove -- floor
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi, type Api } from '../../backend/testing/backend.ts';
import { spawnBackend } from '../../backend/testing/process.ts';
import type { PlanPreview, Plan } from '../../shared/plan.ts';
import type { TaskDetails } from '../../shared/task.ts';

const root = join(import.meta.dirname, '../..');
const sample = join(root, '../shared/samples/pipeline-orchestration-plan.md');
const document = existsSync(sample) ? sample : join(root, 'resources/plans/release-readiness.md');

interface Span {
  /** When its dependencies were done, or the attempt before it let go. */
  readyAt: number;
  startedAt: number;
  finishedAt: number;
}

async function begin(api: Api): Promise<string> {
  const text = await readFile(document, 'utf8');
  const { plan } = (await api.do('plans.import', { text })) as PlanPreview;
  const settings = { seed: 11, typicalSeconds: 10, failureRate: 0.1, overrunRate: 0.1 };
  const account = (await api.do('providers.create', { name: 'Simulator', kind: 'simulator', settings })) as { id: string };
  const newAgents = { kind: 'hosted', provider: { accountId: account.id, model: 'simulated' } };
  const created = (await api.do('plans.create', { ...plan, newAgents })) as Plan;
  await api.do('plans.start', { id: created.id });
  return created.id;
}

async function finished(api: Api, id: string): Promise<Plan> {
  for (;;) {
    const plan = (await api.do('plans.get', { id })) as Plan;
    if (plan.state !== 'running') return plan;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Every attempt of the plan's tasks, with the time since when it could have been made. */
async function spansOf(api: Api, plan: Plan): Promise<Span[]> {
  const { items } = (await api.do('tasks.list', { planId: plan.id, limit: 200 })) as { items: { id: string }[] };
  const details: TaskDetails[] = [];
  for (const { id } of items) details.push((await api.do('tasks.details', { id })) as TaskDetails);
  const started = Date.parse(plan.startedAt!);
  const ends = new Map(details.map(({ task }) => [task.id, Date.parse(task.finishedAt!)]));
  return details.flatMap(({ task, attempts }) => {
    const after = [...task.dependsOn, ...(task.handoffFrom ? [task.handoffFrom] : [])].map((id) => ends.get(id) ?? started);
    let readyAt = Math.max(started, ...after);
    return attempts.map((attempt) => {
      const span = { readyAt, startedAt: Date.parse(attempt.startedAt), finishedAt: Date.parse(attempt.finishedAt!) };
      // A failed attempt's backoff is no time in which it could run.
      readyAt = Math.max(span.finishedAt, Date.parse(attempts[attempt.number]?.startedAt ?? attempt.finishedAt!));
      return span;
    });
  });
}

/** Milliseconds in which fewer ran than the floor asks, though so many could; beside all in which so many could. */
function weigh(spans: Span[], target: number) {
  const moments = [...new Set(spans.flatMap((span) => [span.readyAt, span.startedAt, span.finishedAt]))].toSorted((a, b) => a - b);
  let possible = 0;
  let short = 0;
  let longest = 0;
  for (const [index, from] of moments.entries()) {
    const until = moments[index + 1];
    if (until === undefined) break;
    const running = spans.filter((span) => span.startedAt <= from && from < span.finishedAt).length;
    const could = spans.filter((span) => span.readyAt <= from && from < span.finishedAt).length;
    if (could < target) continue;
    possible += until - from;
    if (running >= target) continue;
    short += until - from;
    longest = Math.max(longest, until - from);
  }
  return { possibleMs: possible, shortMs: short, longestGapMs: longest, heldShare: possible === 0 ? 1 : 1 - short / possible };
}

const folder = await mkdtemp(join(tmpdir(), 'signalbox-floor-'));
const backend = spawnBackend({ SIGNALBOX_DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'error' });
try {
  const url = await backend.listening;
  const open = createApi(url, '');
  const person = { organizationName: 'Floor', name: 'Operator', email: 'operator@example.com', password: 'long enough to register' };
  const { accessToken } = (await open.do('auth.register', person)) as { accessToken: string };
  const api = createApi(url, accessToken);
  const plan = await finished(api, await begin(api));
  const spans = await spansOf(api, plan);
  const measured = weigh(spans, plan.minActive);
  // What is short is the dispatch: from the commit that made work ready to the commit that claimed it, here against
  // attempts of seconds. Work that is deployed in waves leaves a share of about a half.
  const held = plan.state === 'succeeded' && measured.possibleMs > 0 && measured.heldShare > 0.9;
  console.log(`${plan.name}: ${held ? 'held' : 'BROKEN'} ${JSON.stringify({ state: plan.state, floor: plan.minActive, attempts: spans.length, ...measured })}`);
  process.exitCode = held ? 0 : 1;
} finally {
  backend.child.kill('SIGTERM');
  await backend.exited;
  await rm(folder, { recursive: true, force: true });
}
