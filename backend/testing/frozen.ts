// Stops workers past their leases, has others do their work, thaws them, and counts what became of their late reports.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TaskDetails } from '../../shared/task.ts';
import type { Claim } from '../../shared/work.ts';
import { createApi, type Api } from './backend.ts';
import { spawnBackend } from './process.ts';

export interface FrozenOptions {
  /** Variables of the backend: where its data is. */
  env: Record<string, string>;
  /** With two, the worker that is stopped and the one that takes over talk to different nodes. */
  nodes: 1 | 2;
  rounds: number;
  /** Tasks that a worker holds when it is stopped. */
  held: number;
}

export interface FrozenReport {
  tasks: number;
  /** Late completions, by what they were answered. */
  late: Record<string, number>;
  /** Tasks that have one completion, that of the worker that took over. */
  completedOnce: number;
  /** Seconds from the end of a lease to the next claim of its task: the median and the most. */
  reclaimed: { p50: number; max: number };
}

const LEASE_SECONDS = 1;
/** The stopped worker's own work ends while it is stopped, so that it reports at once when it goes on. */
const WORK_MS = 300;

interface Held {
  id: string;
  expiresAt: string;
}

/** A worker's process and what it says. */
function startWorker(args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'frozen-worker.ts'), ...args], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    exited: once(child, 'exit'),
    async said<Report>(): Promise<Report> {
      const { done, value } = await lines.next();
      if (done) throw new Error('The worker ended before it reported.');
      return JSON.parse(value) as Report;
    },
  };
}

async function makeAgent(api: Api, name: string, concurrency: number): Promise<{ id: string; key: string }> {
  const agent = (await api.do('agents.create', { name, kind: 'external', concurrency, capabilities: ['work'] })) as { id: string };
  const { key } = (await api.do('keys.create', { name, scopes: ['agent'], agentId: agent.id })) as { key: string };
  return { id: agent.id, key };
}

const leaseOf = ({ task, lease }: Claim) => ({ id: task.id, leaseToken: lease.token });

/** Claims until it has as many, and keeps what it holds: what was stopped comes free when its lease has ended. */
async function takeOver(api: Api, count: number): Promise<{ held: Set<Claim>; stop: () => void }> {
  const held = new Set<Claim>();
  const alive = setInterval(() => {
    // One that does not get through is made good by the next.
    for (const claim of held) api.call('work.heartbeat', leaseOf(claim)).catch(() => {});
  }, (LEASE_SECONDS * 1000) / 3);
  while (held.size < count) {
    const claim = (await api.do('work.claim', { waitSeconds: 20 })) as Claim | null;
    if (claim) held.add(claim);
  }
  return { held, stop: () => clearInterval(alive) };
}

async function complete(api: Api, held: Set<Claim>, count: number): Promise<void> {
  for (const claim of [...held].slice(0, count)) {
    await api.do('work.complete', { ...leaseOf(claim), output: 'done' });
    held.delete(claim);
  }
}

export async function frozenRounds(options: FrozenOptions): Promise<FrozenReport> {
  const env = { PORT: '0', SIGNALBOX_LEASE_SECONDS: String(LEASE_SECONDS), SIGNALBOX_DEFAULT_PLAN: 'enterprise', LOG_LEVEL: 'fatal', ...options.env };
  const nodes = [spawnBackend(env)];
  const first = await nodes[0]!.listening;
  if (options.nodes === 2) nodes.push(spawnBackend(env));
  const last = await nodes.at(-1)!.listening;
  try {
    const person = { organizationName: 'Frozen', name: 'Operator', email: 'operator@example.com', password: 'long enough to register' };
    const { accessToken } = (await createApi(first, '').do('auth.register', person)) as { accessToken: string };
    const api = createApi(first, accessToken);
    const [frozen, successor] = [await makeAgent(api, 'frozen', options.held), await makeAgent(api, 'successor', options.held)];
    const other = createApi(last, successor.key);
    const report: FrozenReport = { tasks: options.rounds * options.held, late: {}, completedOnce: 0, reclaimed: { p50: 0, max: 0 } };
    const delays: number[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      for (let index = 0; index < options.held; index += 1) {
        await api.do('tasks.create', { title: `Task ${round}.${index}`, instructions: '', capabilities: ['work'] });
      }
      const worker = startWorker([first, frozen.key, String(options.held), String(WORK_MS)]);
      const { tasks: held } = await worker.said<{ tasks: Held[] }>();
      worker.child.kill('SIGSTOP');
      const taken = await takeOver(other, options.held);
      // Thawed while half of its tasks are done by another, and half of them run there.
      await complete(other, taken.held, Math.floor(options.held / 2));
      worker.child.kill('SIGCONT');
      const { answers } = await worker.said<{ answers: Record<string, number> }>();
      for (const [answer, count] of Object.entries(answers)) report.late[answer] = (report.late[answer] ?? 0) + count;
      await complete(other, taken.held, options.held);
      taken.stop();
      await worker.exited;
      const judged = await judge(api, held);
      report.completedOnce += judged.completedOnce;
      delays.push(...judged.delays);
    }
    delays.sort((one, two) => one - two);
    report.reclaimed = { p50: delays[Math.floor(delays.length / 2)] ?? 0, max: delays.at(-1) ?? 0 };
    return report;
  } finally {
    for (const { child } of nodes) child.kill('SIGTERM');
    await Promise.all(nodes.map(({ exited }) => exited));
  }
}

async function judge(api: Api, held: Held[]): Promise<{ completedOnce: number; delays: number[] }> {
  const delays: number[] = [];
  let completedOnce = 0;
  for (const { id, expiresAt } of held) {
    const { task, attempts } = (await api.do('tasks.details', { id })) as TaskDetails;
    const outcomes = attempts.map(({ outcome }) => outcome).join();
    if (task.state === 'succeeded' && task.output === 'done' && outcomes === 'lease_expired,succeeded') completedOnce += 1;
    delays.push((Date.parse(attempts[1]?.startedAt ?? '9999-01-01') - Date.parse(expiresAt)) / 1000);
  }
  return { completedOnce, delays };
}

/** Whether every late completion was refused, and nothing is done twice. */
export function frozenHeld(report: FrozenReport): boolean {
  return report.late['lease_lost'] === report.tasks && Object.keys(report.late).length === 1 && report.completedOnce === report.tasks;
}
