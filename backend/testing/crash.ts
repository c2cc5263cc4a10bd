// Kills running backends at random moments, starts them again on the same data, and counts what became of the work.
import { availableParallelism, loadavg } from 'node:os';
import type { Agent } from '../../shared/agent.ts';
import type { TaskDetails, TaskSummary } from '../../shared/task.ts';
import { pause } from '../platform/clock.ts';
import { createApi, type Api } from './backend.ts';
import { spawnBackend, type BackendProcess } from './process.ts';

export interface CrashOptions {
  /** Variables of the backend: where its data is. */
  env: Record<string, string>;
  /** Backends over the same data; more than one needs PostgreSQL. */
  nodes: number;
  kills: number;
  /** All tasks; `chained` of them are a plan's, in six chains side by side. */
  tasks: number;
  chained: number;
  /** Slots of each of the six agents while backends are killed. */
  concurrency: number;
  /** Of each after the last kill: no more than keep their leases of two seconds alive on one database. */
  lastConcurrency: number;
  /** Seconds that an attempt typically takes, from a third to three times as many. */
  typicalSeconds: number;
  /** How long, after the kills, nothing more may succeed before the rest is given up. */
  patienceSeconds: number;
  random: () => number;
}

export interface CrashReport {
  nodes: number;
  kills: number;
  /** Kills that hit while there was work left. */
  killsWhileRunning: number;
  tasks: number;
  succeeded: number;
  /** Tasks whose attempts were used up by the kills, and that were retried. */
  retried: number;
  completedTwice: number;
  /** Tasks that are gone, that ended as no task here may end, or that nothing is done about any more. */
  lost: number;
  /** Tasks that were still being tried when the rest was given up. */
  unfinished: number;
  /** Why the rest was given up; null: nothing was left. */
  gaveUp: string | null;
  attempts: number;
  /** Executions that the month counts: each task is one, however often it was tried. */
  executions: number;
  auditEntries: number;
}

const agentNames = ['surveyor', 'drafter', 'checker', 'builder', 'measurer', 'writer'];
const BATCH = 1_000;
const person = { organizationName: 'Crash rounds', name: 'Operator', password: 'long enough to register' };

/** Six chains side by side; each task waits for the one before it in its chain, and the last for all. */
export function crashPlan(tasks: number): object {
  const chained = Array.from({ length: tasks - 1 }, (_, index) => ({
    key: `step-${index}`,
    title: `Step ${index}`,
    agent: agentNames[index % agentNames.length],
    dependsOn: index < agentNames.length ? [] : [`step-${index - agentNames.length}`],
    timeLimitSeconds: 60,
  }));
  const dependsOn = chained.slice(-agentNames.length).map((task) => task.key);
  const last = { key: 'last', title: 'Last', agent: 'writer', dependsOn, timeLimitSeconds: 60 };
  return { name: 'Crash rounds', minActive: 5, tasks: [...chained, last], successCriteria: [] };
}

/** The backends that are meant to live, and one person who is signed in at whichever does. */
class Nodes {
  readonly #env: Record<string, string>;
  readonly #email = `crash-${crypto.randomUUID()}@example.com`;
  #nodes: BackendProcess[] = [];
  #token = '';
  #signedInAt = Number.NEGATIVE_INFINITY;

  constructor(env: Record<string, string>) {
    this.#env = { PORT: '0', SIGNALBOX_LEASE_SECONDS: '2', SIGNALBOX_DEFAULT_PLAN: 'enterprise', LOG_LEVEL: 'fatal', ...env };
  }

  async start(count: number): Promise<void> {
    // One after the other: the first makes the tables.
    for (let index = 0; index < count; index += 1) {
      const node = spawnBackend(this.#env);
      this.#nodes.push(node);
      await node.listening;
    }
  }

  async register(): Promise<void> {
    await createApi(await this.#nodes[0]!.listening, '').do('auth.register', { ...person, email: this.#email });
  }

  /** At a node that listens; signed in anew before the token of fifteen minutes ends. */
  async api(): Promise<Api> {
    const url = await this.#nodes[0]!.listening;
    if (performance.now() - this.#signedInAt > 600_000) {
      const { password } = person;
      const session = (await createApi(url, '').do('auth.login', { email: this.#email, password })) as { accessToken: string };
      this.#token = session.accessToken;
      this.#signedInAt = performance.now();
    }
    return createApi(url, this.#token);
  }

  /** Kills one and starts another in its place; it is asked last from then on. */
  async replace(index: number): Promise<void> {
    const [killed] = this.#nodes.splice(index, 1);
    killed!.child.kill('SIGKILL');
    await killed!.exited;
    const node = spawnBackend(this.#env);
    this.#nodes.push(node);
    await node.listening;
  }

  async stop(): Promise<void> {
    for (const { child } of this.#nodes) child.kill('SIGTERM');
    await Promise.all(this.#nodes.map(({ exited }) => exited));
  }
}

/** The plan and, beside it, tasks without dependencies, all of them for the same six hosted agents. */
async function begin(api: Api, options: CrashOptions): Promise<void> {
  const settings = { seed: 7, typicalSeconds: options.typicalSeconds, failureRate: 0, overrunRate: 0 };
  const account = (await api.do('providers.create', { name: 'Simulator', kind: 'simulator', settings })) as { id: string };
  const newAgents = { kind: 'hosted', provider: { accountId: account.id, model: 'simulated' } };
  const plan = (await api.do('plans.create', { ...crashPlan(options.chained), newAgents })) as { id: string };
  const agents = await setConcurrency(api, options.concurrency);
  for (let from = options.chained; from < options.tasks; from += BATCH) {
    const lines = Array.from({ length: Math.min(BATCH, options.tasks - from) }, (_, index) =>
      JSON.stringify({ title: `Loose ${from + index}`, instructions: '', agentId: agents[index % agents.length]!.id, timeLimitSeconds: 60 }),
    );
    await api.do('tasks.createMany', { ndjson: lines.join('\n') });
  }
  await api.do('plans.start', { id: plan.id });
}

async function setConcurrency(api: Api, concurrency: number): Promise<Agent[]> {
  const { items } = (await api.do('agents.list', { limit: 200 })) as { items: Agent[] };
  const agents = items.filter(({ name }) => agentNames.includes(name));
  for (const { id } of agents) await api.do('agents.update', { id, concurrency });
  return agents;
}

type Counts = Partial<Record<string, number>>;
const openOf = (counts: Counts): number => (counts['waiting'] ?? 0) + (counts['queued'] ?? 0) + (counts['running'] ?? 0);

interface Finish {
  retried: number;
  gaveUp: string | null;
  /** Given up, and nothing was being done any more. */
  still: boolean;
}

/** Without anything new in the audit log for so long, nothing is being done: each claim and each end of an attempt is in it. */
const STILL_MS = 60_000;

/**
 * Waits for the end of all; a task whose attempts the kills, or a machine that is too busy for leases of two seconds, used
 * up is retried, as an operator would. As long as anything succeeds, it waits.
 */
async function finish(nodes: Nodes, patienceSeconds: number): Promise<Finish> {
  let retried = 0;
  const succeeded = { count: -1, at: 0 };
  const recorded = { seq: -1, at: 0 };
  for (;;) {
    const api = await nodes.api();
    const counts = (await api.do('tasks.count')) as Counts;
    const { items: failed } = (await api.do('tasks.list', { state: 'failed', limit: 200 })) as { items: TaskSummary[] };
    if (openOf(counts) === 0 && failed.length === 0) return { retried, gaveUp: null, still: false };
    const { seq } = (await api.do('audit.head')) as { seq: number };
    const now = performance.now();
    if ((counts['succeeded'] ?? 0) > succeeded.count) Object.assign(succeeded, { count: counts['succeeded'] ?? 0, at: now });
    if (seq > recorded.seq) Object.assign(recorded, { seq, at: now });
    if (now - succeeded.at > patienceSeconds * 1_000) {
      const still = now - recorded.at > STILL_MS;
      const [load = 0] = loadavg();
      const machine = `the load of the machine is ${load.toFixed(1)} on ${availableParallelism()} processors`;
      const why = still ? 'and nothing is being done' : 'though attempts are being made';
      return { retried, still, gaveUp: `nothing has succeeded for ${patienceSeconds} s, ${why}; ${machine}` };
    }
    for (const { id } of failed) await api.do('tasks.retry', { id });
    retried += failed.length;
    await pause(300);
  }
}

async function listTasks(api: Api): Promise<TaskSummary[]> {
  const tasks: TaskSummary[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = (await api.do('tasks.list', { limit: 200, ...(cursor !== null && { cursor }) })) as {
      items: TaskSummary[];
      nextCursor: string | null;
    };
    tasks.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) return tasks;
  }
}

const isOpen = ({ state }: TaskSummary): boolean => ['waiting', 'queued', 'running', 'failed'].includes(state);

async function count(api: Api, expected: number, { still }: Finish) {
  const tasks = await listTasks(api);
  const report = { succeeded: 0, attempts: 0, completedTwice: 0 };
  const unfinished = still ? 0 : tasks.filter(isOpen).length;
  const left = [...tasks];
  const reader = async () => {
    for (let task = left.pop(); task; task = left.pop()) {
      const { attempts } = (await api.do('tasks.details', { id: task.id })) as TaskDetails;
      const completions = attempts.filter(({ outcome }) => outcome === 'succeeded').length;
      report.attempts += attempts.length;
      if (completions > 1) report.completedTwice += 1;
      if (task.state === 'succeeded' && completions === 1) report.succeeded += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, reader));
  const { seq } = (await api.do('audit.head')) as { seq: number };
  const { executions } = (await api.do('usage.month')) as { executions: number };
  return { ...report, lost: expected - report.succeeded - unfinished, unfinished, executions, auditEntries: seq };
}

/** Runs the rounds; `say` hears how far they are. */
export async function crashRounds(options: CrashOptions, say: (line: string) => void = () => {}): Promise<CrashReport> {
  const nodes = new Nodes(options.env);
  try {
    await nodes.start(options.nodes);
    await nodes.register();
    await begin(await nodes.api(), options);
    let killsWhileRunning = 0;
    for (let round = 1; round <= options.kills; round += 1) {
      await pause(150 + options.random() * 900);
      const open = openOf((await (await nodes.api()).do('tasks.count')) as Counts);
      if (open > 0) killsWhileRunning += 1;
      await nodes.replace(Math.floor(options.random() * options.nodes));
      if (round % 10 === 0) say(`${round} of ${options.kills} kills, ${open} tasks left`);
    }
    await setConcurrency(await nodes.api(), options.lastConcurrency);
    const end = await finish(nodes, options.patienceSeconds);
    const { kills, tasks } = options;
    const { retried, gaveUp } = end;
    return { nodes: options.nodes, kills, killsWhileRunning, tasks, retried, gaveUp, ...(await count(await nodes.api(), tasks, end)) };
  } finally {
    await nodes.stop();
  }
}

/** Whether the rounds showed what they are for; what was not finished shows nothing, and is no loss. */
export function crashVerdict(report: CrashReport): 'held' | 'killed too late' | 'not finished' | 'BROKEN' {
  const counted = report.executions <= report.tasks;
  if (report.lost > 0 || report.completedTwice > 0 || !counted) return 'BROKEN';
  const whole = report.succeeded === report.tasks && report.executions === report.tasks;
  if (!whole) return report.unfinished > 0 ? 'not finished' : 'BROKEN';
  return report.killsWhileRunning === report.kills ? 'held' : 'killed too late';
}
