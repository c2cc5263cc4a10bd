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
/** Of a task: leases may end beyond those that are meant to, and none of them may use up the task. */
const MAX_ATTEMPTS = 10;

interface Held {
  id: string;
  /** The stopped worker's. */
  attempt: number;
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

/** The worker that takes over: it claims what comes free, keeps its leases alive, and completes. */
class Successor {
  readonly #api: Api;
  readonly #held = new Set<Claim>();
  readonly #beat: NodeJS.Timeout;

  constructor(api: Api) {
    this.#api = api;
    let beating = false;
    this.#beat = setInterval(() => {
      // On a machine that is busy a round may take longer than it should: the next one does not come on top of it.
      if (beating) return;
      beating = true;
      void Promise.all([...this.#held].map((claim) => this.#renew(claim))).finally(() => (beating = false));
    }, (LEASE_SECONDS * 1000) / 3);
  }

  /** One that does not get through is made good by the next; a lease that is lost is not held any more. */
  async #renew(claim: Claim): Promise<void> {
    const answer = await this.#api.call('work.heartbeat', leaseOf(claim)).catch(() => null);
    if (answer?.status === 409) this.#held.delete(claim);
  }

  async claim(): Promise<void> {
    const claim = (await this.#api.do('work.claim', { waitSeconds: 20 })) as Claim | null;
    if (claim) this.#held.add(claim);
  }

  async holds(count: number): Promise<void> {
    while (this.#held.size < count) await this.claim();
  }

  /** Its own leases can end too, where the machine is too busy for its heartbeats: such a task it claims once more. */
  async complete(count: number): Promise<void> {
    for (let done = 0; done < count; ) {
      const [claim] = this.#held;
      if (!claim) {
        await this.claim();
        continue;
      }
      const { status, body } = await this.#api.call('work.complete', { ...leaseOf(claim), output: 'done' });
      this.#held.delete(claim);
      if (status === 200) done += 1;
      else if ((body as { code?: string }).code !== 'lease_lost') throw new Error(`work.complete answered ${status}: ${JSON.stringify(body)}`);
    }
  }

  stop(): void {
    clearInterval(this.#beat);
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
    const [frozen, next] = [await makeAgent(api, 'frozen', options.held), await makeAgent(api, 'successor', options.held)];
    const other = createApi(last, next.key);
    const report: FrozenReport = { tasks: options.rounds * options.held, late: {}, completedOnce: 0, reclaimed: { p50: 0, max: 0 } };
    const delays: number[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      for (let index = 0; index < options.held; index += 1) {
        await api.do('tasks.create', { title: `Task ${round}.${index}`, instructions: '', capabilities: ['work'], maxAttempts: MAX_ATTEMPTS });
      }
      const worker = startWorker([first, frozen.key, String(options.held), String(WORK_MS)]);
      const { tasks: held } = await worker.said<{ tasks: Held[] }>();
      worker.child.kill('SIGSTOP');
      const successor = new Successor(other);
      await successor.holds(options.held);
      // Thawed while half of its tasks are done by another, and half of them run there.
      const half = Math.floor(options.held / 2);
      await successor.complete(half);
      worker.child.kill('SIGCONT');
      const { answers } = await worker.said<{ answers: Record<string, number> }>();
      for (const [answer, count] of Object.entries(answers)) report.late[answer] = (report.late[answer] ?? 0) + count;
      await successor.complete(options.held - half);
      successor.stop();
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
  for (const { id, attempt, expiresAt } of held) {
    const { task, attempts } = (await api.do('tasks.details', { id })) as TaskDetails;
    const last = attempts.at(-1)?.outcome;
    const others = attempts.slice(0, -1).every(({ outcome }) => outcome === 'lease_expired');
    if (task.state === 'succeeded' && task.output === 'done' && last === 'succeeded' && others && attempts.length > attempt) completedOnce += 1;
    // Attempts are counted from one: this is the one after the stopped worker's.
    delays.push((Date.parse(attempts[attempt]?.startedAt ?? '9999-01-01') - Date.parse(expiresAt)) / 1000);
  }
  return { completedOnce, delays };
}

/** Whether every late completion was refused, and nothing is done twice. */
export function frozenHeld(report: FrozenReport): boolean {
  return report.late['lease_lost'] === report.tasks && Object.keys(report.late).length === 1 && report.completedOnce === report.tasks;
}
