// Makes the demo by the operations that everybody uses, one step after the other. Each step looks first whether it has
// been done: what stopped half-way goes on where it stopped.
import { AppError } from '../../shared/errors.ts';
import type { Budget } from '../../shared/budget.ts';
import type { Agent } from '../../shared/agent.ts';
import type { PlanPreview, PlanSummary } from '../../shared/plan.ts';
import type { ProviderAccount } from '../../shared/provider.ts';
import type { TaskSummary } from '../../shared/task.ts';
import { ENOUGH_QUEUED } from './trickle.ts';
import * as world from './world.ts';

/** Calls an operation as the demo's person; throws an AppError. */
export type Call = <Answer>(path: string, input: object) => Promise<Answer>;

export interface MakeParts {
  query: Call;
  mutate: Call;
  /** The text of an example plan. */
  document(name: string): Promise<string>;
}

interface Step {
  doing: string;
  run(parts: MakeParts): Promise<void>;
}

const page = { limit: 200 };
async function all<Row>({ query }: MakeParts, path: string): Promise<Row[]> {
  return (await query<{ items: Row[] }>(path, page)).items;
}

async function account(parts: MakeParts, wanted: { name: string; settings: object }): Promise<ProviderAccount> {
  const known = (await all<ProviderAccount>(parts, 'providers.list')).find(({ name }) => name === wanted.name);
  return known ?? parts.mutate('providers.create', { ...wanted, kind: 'simulator' });
}

async function hosted(parts: MakeParts, wanted: { name: string; settings: object }) {
  const { id, models } = await account(parts, wanted);
  return { accountId: id, model: models[0] ?? 'simulated' };
}

interface NewAgent {
  name: string;
  role: string;
  capabilities?: readonly string[];
  provider: { accountId: string; model: string };
}
async function ensureAgent(parts: MakeParts, wanted: NewAgent): Promise<Agent> {
  const known = (await all<Agent>(parts, 'agents.list')).find(({ name }) => name === wanted.name);
  return known ?? parts.mutate('agents.create', { ...wanted, kind: 'hosted' });
}

/** `suffix` tells one round of the work from the next. */
async function ensurePlan(parts: MakeParts, document: string, how: { start: boolean; suffix: string }): Promise<void> {
  const provider = await hosted(parts, world.SIMULATOR);
  const { plan } = await parts.mutate<PlanPreview>('plans.import', { text: await parts.document(document) });
  const name = `${plan.name}${how.suffix}`;
  const known = (await all<PlanSummary>(parts, 'plans.list')).find((one) => one.name === name);
  const made =
    known ?? (await parts.mutate<PlanSummary>('plans.create', { ...plan, name, newAgents: { kind: 'hosted', provider } }));
  if (how.start && made.state === 'draft') await parts.mutate('plans.start', { id: made.id });
}

interface NewTask {
  title: string;
  agentId?: string;
  kind?: 'approval';
  maxAttempts?: number;
}
async function ensureTasks(parts: MakeParts, wanted: readonly NewTask[]): Promise<void> {
  for (const task of wanted) {
    const { items } = await parts.query<{ items: TaskSummary[] }>('tasks.list', { q: task.title, limit: 5 });
    if (items.some(({ title }) => title === task.title)) continue;
    const more = task.kind === 'approval' ? {} : { priority: 3, instructions: `${task.title}, please.` };
    await parts.mutate('tasks.create', { ...more, ...task });
  }
}

async function giveErrands(parts: MakeParts, suffix: string): Promise<void> {
  const provider = await hosted(parts, world.SIMULATOR);
  const ids = new Map<string, string>();
  for (const { name, role, capabilities } of world.helpers) {
    ids.set(name, (await ensureAgent(parts, { name, role, capabilities, provider })).id);
  }
  await ensureTasks(
    parts,
    world.errands.map(({ agent, title }) => {
      const id = ids.get(agent);
      if (id === undefined) throw new AppError('internal', `The demo has no agent ${agent}.`);
      return { title: `${title}${suffix}`, agentId: id };
    }),
  );
}

async function makeFailures(parts: MakeParts): Promise<void> {
  const provider = await hosted(parts, world.UNRELIABLE);
  const { id } = await ensureAgent(parts, { ...world.UNRELIABLE.agent, provider });
  await ensureTasks(parts, world.UNRELIABLE.titles.map((title) => ({ title, agentId: id, maxAttempts: 1 })));
}

async function ensureBudget(parts: MakeParts): Promise<void> {
  if ((await all<Budget>(parts, 'budgets.list')).length === 0) await parts.mutate('budgets.create', world.BUDGET);
}

/** One more errand, where not too many wait: numbered on from those that there are. */
export async function giveLater(parts: MakeParts): Promise<void> {
  const counts = await parts.query<Partial<Record<TaskSummary['state'], number>>>('tasks.count', {});
  if ((counts.queued ?? 0) >= ENOUGH_QUEUED) return;
  const number = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const { agent, title } = world.laterErrand(number);
  const found = (await all<Agent>(parts, 'agents.list')).find(({ name, status }) => name === agent && status === 'active');
  if (found) await parts.mutate('tasks.create', { title, agentId: found.id, priority: 3, instructions: `${title}, please.` });
}

/** The first thing that moves comes first. */
export const steps: readonly Step[] = [
  { doing: 'Connecting the simulator', run: async (parts) => void (await account(parts, world.SIMULATOR)) },
  {
    doing: 'Importing a plan and starting it',
    run: (parts) => ensurePlan(parts, world.documents[0], { start: true, suffix: '' }),
  },
  { doing: 'Giving three agents errands', run: (parts) => giveErrands(parts, '') },
  { doing: 'Setting a budget', run: ensureBudget },
  { doing: 'Leaving a decision to you', run: (parts) => ensureTasks(parts, [{ title: world.GATE, kind: 'approval' }]) },
  { doing: 'Letting something go wrong', run: makeFailures },
  {
    doing: 'Importing a second plan and starting it',
    run: (parts) => ensurePlan(parts, world.documents[1], { start: true, suffix: '' }),
  },
  {
    doing: 'Importing a third plan, for you to start',
    run: (parts) => ensurePlan(parts, world.documents[2], { start: false, suffix: '' }),
  },
];

/** More of the same, for a demo in which everything is done: told apart by its number. */
export async function moreSteps(parts: MakeParts): Promise<readonly Step[]> {
  const plans = await all<PlanSummary>(parts, 'plans.list');
  const rounds = plans.map(({ name }) => Number(/, round (\d+)$/.exec(name)?.[1] ?? 1));
  const suffix = `, round ${Math.max(1, ...rounds) + 1}`;
  return [
    {
      doing: 'Starting the first plan once more',
      run: (given) => ensurePlan(given, world.documents[0], { start: true, suffix }),
    },
    { doing: 'Giving three agents errands', run: (given) => giveErrands(given, suffix) },
  ];
}
