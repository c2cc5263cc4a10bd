// Makes the known workspace: signed in, some hundred tasks over two dozen agents, nothing running any more.
import { setTimeout as pause } from 'node:timers/promises';
import { launchApp, type RunningApp } from '../../e2e/fixtures/app.ts';
import { welcomeOf } from '../../e2e/fixtures/pages/welcome.ts';
import { signInOverRest, type Rest } from '../../e2e/fixtures/rest.ts';
import type { TaskState } from '../../shared/task.ts';

const AGENTS = 24;
const DONE = 240;
const QUEUED = 120;
const WITHIN_MS = 60_000;
const person = {
  organizationName: 'Bench',
  name: 'Bench Person',
  email: 'bench@signalbox.example',
  password: 'a quiet bench in the shade',
};

export async function prepareWorkspace(userData: string): Promise<void> {
  const app = await launchApp({ userData });
  try {
    await register(app);
    const rest = await signInOverRest(await backendUrl(app), person);
    await fill(rest);
    await settled(rest);
  } finally {
    await app.quit();
  }
  if (app.problems.length > 0) throw new Error(`The application complained:\n${app.problems.join('\n')}`);
}

/** As the page object of the specs does, but with the patience of a busy machine. */
async function register({ page }: RunningApp): Promise<void> {
  const welcome = welcomeOf(page);
  await welcome.create.waitFor({ timeout: WITHIN_MS });
  await welcome.write(person);
  await welcome.create.click();
  await page.getByRole('navigation', { name: 'Places' }).waitFor({ timeout: WITHIN_MS });
}

async function backendUrl(app: RunningApp): Promise<string> {
  for (;;) {
    const { backend } = await app.status();
    if (backend.state === 'ready') return backend.url;
    if (backend.state === 'failed') throw new Error(backend.message);
    await pause(100);
  }
}

async function fill(rest: Rest): Promise<void> {
  const provider = await rest.simulator('Quick', { typicalSeconds: 0.5, failureRate: 0.05, overrunRate: 0 });
  for (let agent = 0; agent < AGENTS; agent += 1) {
    const hosted = agent % 3 !== 2;
    const { id } = await rest.createAgent({
      name: `agent-${String(agent + 1).padStart(2, '0')}`,
      role: 'Takes part in the measurement',
      concurrency: 2,
      ...(hosted ? { kind: 'hosted', provider } : { kind: 'external' }),
    });
    // Tasks of hosted agents are done in seconds; those of external ones, which have no program, stay queued.
    const tasks = hosted ? (DONE * 3) / (AGENTS * 2) : (QUEUED * 3) / AGENTS;
    for (let task = 0; task < tasks; task += 1) {
      await rest.createTask({ title: `Task ${task + 1} of agent ${agent + 1}`, agentId: id, maxAttempts: 1 });
    }
  }
}

/** Until the hosted agents have nothing left to do. */
async function settled(rest: Rest): Promise<void> {
  for (;;) {
    const counts = await rest.call<Partial<Record<TaskState, number>>>('GET', '/api/tasks/count');
    if ((counts.running ?? 0) === 0 && (counts.queued ?? 0) <= QUEUED) return;
    await pause(500);
  }
}
