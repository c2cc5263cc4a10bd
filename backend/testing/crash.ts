// Kills a running backend at random moments, starts it again on the same data, and counts what became of the work.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pause } from '../platform/clock.ts';
import { createApi, type Api } from './backend.ts';

export interface CrashOptions {
  /** Variables of the backend: where its data is. */
  env: Record<string, string>;
  kills: number;
  /** Tasks of the plan, over six agents. */
  tasks: number;
  random: () => number;
}

export interface CrashReport {
  kills: number;
  /** Kills that hit the plan while it ran. */
  killsWhileRunning: number;
  tasks: number;
  succeeded: number;
  /** Tasks whose attempts were used up by the kills, and that were retried. */
  retried: number;
  completedTwice: number;
  lost: number;
  attempts: number;
  auditEntries: number;
}

const server = join(import.meta.dirname, '../server.ts');

async function startServer(env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [server], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', SIGNALBOX_LEASE_SECONDS: '2', SIGNALBOX_DEFAULT_PLAN: 'enterprise', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { event: string; url: string };
    if (said.event === 'listening') return { child, url: said.url };
  }
  throw new Error('The backend ended before it listened.');
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Six chains side by side; each task waits for the one before it in its chain, and the last for all. */
export function crashPlan(tasks: number): object {
  const agents = ['surveyor', 'drafter', 'checker', 'builder', 'measurer', 'writer'];
  const chained = Array.from({ length: tasks - 1 }, (_, index) => ({
    key: `step-${index}`,
    title: `Step ${index}`,
    agent: agents[index % agents.length],
    dependsOn: index < agents.length ? [] : [`step-${index - agents.length}`],
    timeLimitSeconds: 60,
  }));
  const last = { key: 'last', title: 'Last', agent: 'writer', dependsOn: chained.slice(-agents.length).map((task) => task.key), timeLimitSeconds: 60 };
  return { name: 'Crash rounds', minActive: 5, tasks: [...chained, last], successCriteria: [] };
}

async function begin(api: Api, tasks: number): Promise<string> {
  const settings = { seed: 7, typicalSeconds: 0.25, failureRate: 0, overrunRate: 0 };
  const account = (await api.do('providers.create', { name: 'Simulator', kind: 'simulator', settings })) as { id: string };
  const provider = { accountId: account.id, model: 'simulated' };
  const plan = (await api.do('plans.create', { ...crashPlan(tasks), newAgents: { kind: 'hosted', provider } })) as { id: string };
  await api.do('plans.start', { id: plan.id });
  return plan.id;
}

interface PlanNow {
  state: string;
  tasks: { id: string; state: string; key: string }[];
}

/** Waits for the plan's end; a task whose attempts the kills used up is retried, as an operator would. */
async function finish(api: Api, planId: string): Promise<{ plan: PlanNow; retried: number }> {
  const deadline = performance.now() + 120_000;
  for (let retried = 0; ; ) {
    const plan = (await api.do('plans.get', { id: planId })) as PlanNow;
    if (plan.state === 'succeeded' || performance.now() > deadline) return { plan, retried };
    for (const task of plan.tasks.filter((one) => one.state === 'failed')) {
      await api.do('tasks.retry', { id: task.id });
      retried += 1;
    }
    await pause(200);
  }
}

export async function crashRounds(options: CrashOptions): Promise<CrashReport> {
  let running = await startServer(options.env);
  const session = (await createApi(running.url, '').do('auth.register', {
    organizationName: 'Crash rounds',
    name: 'Operator',
    email: `crash-${crypto.randomUUID()}@example.com`,
    password: 'long enough to register',
  })) as { accessToken: string };
  const api = () => createApi(running.url, session.accessToken);
  const planId = await begin(api(), options.tasks);
  let killsWhileRunning = 0;
  for (let round = 0; round < options.kills; round += 1) {
    await pause(150 + options.random() * 900);
    const before = (await api().do('plans.get', { id: planId })) as PlanNow;
    if (before.state === 'running') killsWhileRunning += 1;
    await kill(running.child);
    running = await startServer(options.env);
  }
  const { plan, retried } = await finish(api(), planId);
  const report = await count(api(), plan);
  const ended = new Promise((resolve) => running.child.once('exit', resolve));
  running.child.kill('SIGTERM');
  await ended;
  return { ...report, kills: options.kills, killsWhileRunning, tasks: options.tasks, retried };
}

async function count(api: Api, plan: PlanNow) {
  let attempts = 0;
  let completedTwice = 0;
  for (const { id } of plan.tasks) {
    const details = (await api.do('tasks.details', { id })) as { attempts: { outcome: string }[] };
    attempts += details.attempts.length;
    if (details.attempts.filter((attempt) => attempt.outcome === 'succeeded').length > 1) completedTwice += 1;
  }
  const succeeded = plan.tasks.filter((task) => task.state === 'succeeded').length;
  const head = (await api.do('audit.head')) as { seq: number };
  return { succeeded, attempts, completedTwice, lost: plan.tasks.length - succeeded, auditEntries: head.seq };
}
