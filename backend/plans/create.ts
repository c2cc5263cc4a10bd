// Creation of a plan: its agents, its row and its tasks, in one transaction.
import { AppError } from '../../shared/errors.ts';
import { may } from '../../shared/permissions.ts';
import type { Plan, planInput } from '../../shared/plan.ts';
import type { z } from 'zod';
import { changeAgent, createAgents, findAgents, toAgent, type NewAgent } from '../agents/index.ts';
import { jsonb, sql } from '../platform/database.ts';
import type { SignedInRequest } from '../platform/doors/handlers.ts';
import { newId } from '../platform/ids.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { insertTasks } from '../tasks/index.ts';
import { readPlan } from './read.ts';
import { countTasks, readPlanRow, toSummary, type PlanCounts } from './rows.ts';
import { checkGraph } from './validate.ts';

type PlanInput = z.output<typeof planInput>;

/** Hosted agents spend money through a provider account: that needs the permission to write agents. */
function checkMayHost(request: SignedInRequest): void {
  const { credential } = request;
  const scoped = credential.kind === 'user' || credential.scopes.includes('agents:write');
  if (scoped && may(credential.role, 'agents:write')) return;
  const who = scoped ? `The role ${credential.role}` : 'This API key';
  throw new AppError(
    'forbidden',
    `${who} may not give agents a provider account. ` +
      'Leave newAgents out, so that the new agents are external, or ask an owner or admin.',
  );
}

/** The agents that plan and workspace have in common, by their names in lower case; and the coordinator. */
async function findNamed(tx: TenantTransaction, names: string[]) {
  const wanted = names.map((name) => name.toLowerCase());
  const found = await findAgents(
    tx,
    sql`a.status <> 'retired' and (a.built_in or lower(a.name) = any(${wanted}::text[]))`,
  );
  const coordinator = found.find((agent) => agent.built_in);
  if (!coordinator) throw new Error('The workspace has no coordinator.');
  return { coordinator, byName: new Map(found.map((agent) => [agent.name.toLowerCase(), agent.id])) };
}

/** Every agent of the plan, created where it was missing: the id behind a task's agent. */
async function provideAgents(
  tx: TenantTransaction,
  input: PlanInput,
  request: SignedInRequest,
): Promise<(name: string | null) => string> {
  const spelled = new Map<string, string>();
  for (const { agent } of input.tasks)
    if (agent !== null && !spelled.has(agent.toLowerCase())) spelled.set(agent.toLowerCase(), agent);
  const { coordinator, byName } = await findNamed(tx, [...spelled.values()]);
  const missing = [...spelled].flatMap(([lower, name]) => (byName.has(lower) ? [] : [name]));
  const provider = input.newAgents?.kind === 'hosted' ? input.newAgents.provider : undefined;
  const lacking = provider !== undefined && coordinator.provider_account_id === null;
  if (provider !== undefined && (missing.length > 0 || lacking)) checkMayHost(request);
  const wanted = missing.map((name): NewAgent => ({
    name,
    kind: input.newAgents?.kind ?? 'external',
    provider,
    concurrency: 1,
    timeLimitSeconds: input.timeLimitSeconds,
  }));
  for (const agent of wanted.length > 0 ? await createAgents(tx, wanted) : [])
    byName.set(agent.name.toLowerCase(), agent.id);
  if (lacking) await changeAgent(tx, { id: toAgent(coordinator).id, provider });
  return (name) => (name === null ? coordinator.id : byName.get(name.toLowerCase())!);
}

async function insertPlan(tx: TenantTransaction, id: string, input: PlanInput): Promise<void> {
  const none: PlanCounts = {
    total: 0,
    waiting: 0,
    queued: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
  };
  await sql`insert into plans (id, name, state, min_active, time_limit_seconds, success_criteria, counts,
      created_by)
    values (${id}, ${input.name}, 'draft', ${input.minActive}, ${input.timeLimitSeconds},
      ${jsonb(input.successCriteria)}, ${jsonb(none)}, ${jsonb(tx.actor)})`.execute(tx.db);
}

export async function createPlan(
  tx: TenantTransaction,
  input: PlanInput,
  request: SignedInRequest,
): Promise<Plan> {
  checkGraph(input.tasks);
  const agentOf = await provideAgents(tx, input, request);
  const id = newId();
  await insertPlan(tx, id, input);
  const ids = new Map(input.tasks.map((task) => [task.key, newId()]));
  await insertTasks(
    tx,
    input.tasks.map((task) => ({
      id: ids.get(task.key)!,
      title: task.title,
      instructions: task.instructions,
      agentId: agentOf(task.agent),
      planId: id,
      planKey: task.key,
      timeLimitSeconds: task.timeLimitSeconds,
      expectedOutput: task.output,
      tools: task.tools,
      successCriteria: task.successCriteria,
      dependsOn: [...new Set(task.dependsOn)].map((key) => ids.get(key)!),
    })),
  );
  const { counts } = await countTasks(tx, id);
  await sql`update plans set counts = ${jsonb(counts)} where id = ${id}`.execute(tx.db);
  const shown = toSummary(await readPlanRow(tx, id));
  const after = { name: shown.name, state: shown.state, minActive: shown.minActive, tasks: counts.total };
  tx.record({
    event: { type: 'plan.created', entity: 'plan', id, version: shown.version, data: shown },
    audit: { action: 'plans.create', entity: 'plan', id, after },
  });
  return readPlan(tx, id);
}
