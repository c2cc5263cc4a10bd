// A plan as a whole: its graph, criteria, findings and floor.
import type { Plan, PlanNode } from '../../shared/plan.ts';
import { findFindings } from '../findings/index.ts';
import { rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { findTasks, toSummary as toTaskSummary } from '../tasks/index.ts';
import { tickCriteria } from './criteria.ts';
import { readFloor } from './floor.ts';
import { readPlanRow, toSummary } from './rows.ts';

/** Findings that an answer shows of each kind; `findings.list` pages through all. */
const MOST_FINDINGS = 200;
/** Characters of all outputs together; each has an equal share, within these bounds. */
const OUTPUT_BUDGET = 4_000_000;
const LEAST_OUTPUT = 500;
const MOST_OUTPUT = 200_000;

interface TextRow {
  id: string;
  plan_key: string;
  latest: boolean;
  success_criteria: string[];
  output: string | null;
  length: number | null;
}

interface EdgeRow {
  task_id: string;
  key: string;
}

function shownOutput({ output, length }: TextRow): string | null {
  if (output === null || length === null || output.length >= length) return output;
  const [kept, whole] = [output.length, length].map((count) => count.toLocaleString('en'));
  return `${output}\n\n… cut here, after ${kept} of ${whole} characters; the task holds all of it.`;
}

/** The nodes in the order in which the plan was written: the latest task of each chain of handoffs. */
export async function readNodes(tx: TenantTransaction, planId: string, total: number): Promise<PlanNode[]> {
  const share = Math.min(MOST_OUTPUT, Math.max(LEAST_OUTPUT, Math.floor(OUTPUT_BUDGET / Math.max(1, total))));
  const texts = await rows(
    tx.db,
    sql<TextRow>`
    select id, plan_key, state <> 'handed_off' as latest, success_criteria,
      left(output, ${share}::int) as output, length(output) as length
    from tasks where plan_id = ${planId} order by id`,
  );
  const edges = await rows(
    tx.db,
    sql<EdgeRow>`
    select d.task_id, o.plan_key as key from task_dependencies d
    join tasks t on t.id = d.task_id join tasks o on o.id = d.depends_on
    where t.plan_id = ${planId} and t.state <> 'handed_off' order by d.task_id, o.id`,
  );
  const dependsOn = new Map<string, string[]>();
  for (const { task_id: id, key } of edges) dependsOn.set(id, [...(dependsOn.get(id) ?? []), key]);
  const found = await findTasks(tx, sql`t.plan_id = ${planId} and t.state <> 'handed_off'`);
  const tasks = new Map(found.map((task) => [task.id, task]));
  // A successor is younger than what stands after it: its place is that of the chain's first.
  const places = new Map<string, number>();
  for (const { plan_key: key } of texts) if (!places.has(key)) places.set(key, places.size);
  const latest = texts
    .filter((text) => text.latest)
    .toSorted((a, b) => places.get(a.plan_key)! - places.get(b.plan_key)!);
  return latest.flatMap((text) => {
    const task = tasks.get(text.id);
    if (!task) return [];
    return [
      {
        ...toTaskSummary(task),
        key: text.plan_key,
        dependsOn: dependsOn.get(text.id) ?? [],
        output: shownOutput(text),
        successCriteria: text.success_criteria,
      },
    ];
  });
}

export async function readPlan(tx: TenantTransaction, id: string): Promise<Plan> {
  const found = await readPlanRow(tx, id);
  const tasks = await readNodes(tx, id, found.counts.total);
  return {
    ...toSummary(found),
    tasks,
    successCriteria: tickCriteria(found.success_criteria, tasks),
    findings: await findFindings(tx, sql`f.plan_id = ${id} order by f.id desc limit ${MOST_FINDINGS}`),
    urgentIssues: await findFindings(
      tx,
      sql`f.plan_id = ${id} and f.severity = 'urgent' order by f.id desc limit ${MOST_FINDINGS}`,
    ),
    floor: await readFloor(tx, found),
  };
}
