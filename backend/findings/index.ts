// Findings: what agents report while they work, and what other nouns may use of them.
import { notFound } from '../../shared/errors.ts';
import type { Finding, findingOperations, Severity } from '../../shared/finding.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { row, rows, sql, type Statement } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

interface FindingRow {
  id: string;
  version: number;
  task_id: string;
  task_title: string;
  plan_id: string | null;
  agent_id: string | null;
  agent_name: string | null;
  account_kind: string | null;
  title: string;
  body: string;
  severity: Severity;
  acknowledged_at: Date | null;
  created_at: Date;
}

const select = sql`select f.*, t.title as task_title, a.name as agent_name, p.kind as account_kind
  from findings f join tasks t on t.id = f.task_id left join agents a on a.id = f.agent_id
  left join provider_accounts p on p.id = a.provider_account_id`;

/** What the findings shared with an agent hold at the most. */
const SHARED_FINDINGS = 50;

function toFinding(found: FindingRow): Finding {
  return {
    id: found.id,
    version: found.version,
    taskId: found.task_id,
    taskTitle: found.task_title,
    planId: found.plan_id,
    agentId: found.agent_id,
    agentName: found.agent_name,
    simulated: found.account_kind === 'simulator',
    title: found.title,
    body: found.body,
    severity: found.severity,
    acknowledgedAt: found.acknowledged_at?.toISOString() ?? null,
    createdAt: found.created_at.toISOString(),
  };
}

/** Findings by a condition on `f`, with the order and limit in it. */
export async function findFindings(tx: TenantTransaction, where: Statement): Promise<Finding[]> {
  return (await rows(tx.db, sql<FindingRow>`${select} where ${where}`)).map(toFinding);
}

/** The findings of a plan that its agents are told, newest first. */
export function readSharedFindings(tx: TenantTransaction, planId: string): Promise<Finding[]> {
  return findFindings(tx, sql`f.plan_id = ${planId} order by f.id desc limit ${SHARED_FINDINGS}`);
}

async function announce(tx: TenantTransaction, id: string, fact: string): Promise<Finding> {
  const [shown] = await findFindings(tx, sql`f.id = ${id}`);
  if (!shown) throw notFound('finding');
  tx.record({
    event: { type: `finding.${fact}`, entity: 'finding', id, version: shown.version, data: shown },
    audit: { action: `findings.${fact}`, entity: 'finding', id, after: { title: shown.title, severity: shown.severity, taskId: shown.taskId } },
  });
  return shown;
}

export interface NewFinding {
  taskId: string;
  planId: string | null;
  agentId: string | null;
  title: string;
  body: string;
  severity: Severity;
}

export async function addFinding(tx: TenantTransaction, finding: NewFinding): Promise<Finding> {
  const id = newId();
  await sql`insert into findings (id, task_id, plan_id, agent_id, title, body, severity)
    values (${id}, ${finding.taskId}, ${finding.planId}, ${finding.agentId}, ${finding.title}, ${finding.body}, ${finding.severity})`.execute(tx.db);
  return announce(tx, id, 'reported');
}

/** Asked again it answers the finding as it is. */
async function setSeen(tx: TenantTransaction, id: string, seen: boolean): Promise<Finding> {
  const changed = await row(tx.db, sql`update findings
    set acknowledged_at = ${seen ? sql`now()` : sql`null`}, version = version + 1
    where id = ${id} and (acknowledged_at is null) = ${seen} returning id`);
  if (changed) return announce(tx, id, seen ? 'acknowledged' : 'unacknowledged');
  const [known] = await findFindings(tx, sql`f.id = ${id}`);
  if (!known) throw notFound('finding');
  return known;
}

export const findingHandlers: HandlersOf<typeof findingOperations> = {
  list: inTenant(async (tx, { limit, cursor, planId, taskId, severity }) => {
    const after = decodeCursor(cursor, ['uuid']);
    const found = await rows(tx.db, sql<FindingRow>`${select}
      where (${planId ?? null}::uuid is null or f.plan_id = ${planId ?? null}::uuid)
        and (${taskId ?? null}::uuid is null or f.task_id = ${taskId ?? null}::uuid)
        and (${severity ?? null}::text is null or f.severity = ${severity ?? null}::text)
        and (${after ? String(after[0]) : null}::uuid is null or f.id < ${after ? String(after[0]) : null}::uuid)
      order by f.id desc limit ${limit + 1}`);
    return toPage(found, limit, { item: toFinding, key: (finding) => [finding.id] });
  }),
  acknowledge: inTenant((tx, { id }) => setSeen(tx, id, true)),
  unacknowledge: inTenant((tx, { id }) => setSeen(tx, id, false)),
};
