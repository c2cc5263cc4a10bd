// Agents' rows: how they are read, and the one shape that lists, answers and events show.
import type { Agent, AgentStatus, Presence } from '../../shared/agent.ts';
import { notFound } from '../../shared/errors.ts';
import { fixed, kept, row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

export interface AgentRow {
  id: string;
  version: number;
  name: string;
  kind: 'hosted' | 'external';
  role: string;
  instructions: string;
  capabilities: string[];
  provider_account_id: string | null;
  account_name: string | null;
  account_kind: string | null;
  model: string | null;
  concurrency: number;
  time_limit_seconds: number;
  attempt_cost_usd: string | null;
  status: AgentStatus;
  running: number;
  online: boolean;
  built_in: boolean;
  last_seen_at: Date | null;
  created_at: Date;
}

/** Columns of `a`, with its account `p`. */
export const agentColumns = sql`a.*, trim_scale(a.attempt_cost_usd)::text as attempt_cost_usd, p.name as account_name, p.kind as account_kind`;
const select = sql`select ${agentColumns} from agents a left join provider_accounts p on p.id = a.provider_account_id`;

/** Hosted: offline without a provider. External: offline when nothing was heard within the presence time. */
export function presenceOf(found: Pick<AgentRow, 'kind' | 'status' | 'online' | 'running' | 'provider_account_id'>): Presence {
  const reachable = found.kind === 'hosted' ? found.provider_account_id !== null : found.online;
  if (!reachable || found.status === 'retired') return 'offline';
  return found.running > 0 ? 'busy' : 'idle';
}

export function toAgent(found: AgentRow): Agent {
  return {
    id: found.id,
    version: found.version,
    name: found.name,
    kind: found.kind,
    role: found.role,
    instructions: found.instructions,
    capabilities: found.capabilities,
    provider:
      found.provider_account_id === null
        ? null
        : {
            accountId: found.provider_account_id,
            model: found.model!,
            accountName: found.account_name!,
            simulated: found.account_kind === 'simulator',
          },
    concurrency: found.concurrency,
    timeLimitSeconds: found.time_limit_seconds,
    attemptCostUsd: found.attempt_cost_usd,
    status: found.status,
    presence: presenceOf(found),
    running: found.running,
    builtIn: found.built_in,
    lastSeenAt: found.last_seen_at?.toISOString() ?? null,
    createdAt: found.created_at.toISOString(),
  };
}

/** Agents by a condition on `a`, with the order and limit in it. */
export function findAgents(tx: TenantTransaction, where: Statement): Promise<AgentRow[]> {
  return rows(tx.db, sql<AgentRow>`${select} where ${where}`);
}

export async function readAgent(tx: TenantTransaction, id: string): Promise<Agent> {
  const found = await row(tx.db, sql<AgentRow>`${select} where a.id = ${id}`);
  if (!found) throw notFound('agent');
  return toAgent(found);
}

/**
 * Takes an agent's row. Not `for update`: that waits for everybody who has changed a task of the agent twice (its foreign
 * key is then checked again, which shares the row), and two of those who both want it wait for each other.
 */
export function holdAgent({ db }: TenantTransaction, id: string): Promise<unknown> {
  return hold(db, { id });
}
const hold = fixed<{ id: string }>(({ id }) => kept(sql`select 1 from agents where id = ${id} for no key update`));

/** The agent's row, held until the transaction ends: whoever claims for it waits here. */
export async function lockAgent(tx: TenantTransaction, id: string): Promise<AgentRow> {
  const [found] = await lock(tx.db, { id });
  if (!found) throw notFound('agent');
  return found;
}
const lock = fixed<{ id: string }, AgentRow>(({ id }) => kept(sql`${select} where a.id = ${id} for no key update of a`));

/** The same, without waiting: nothing where another holds it. */
export async function tryLockAgent(tx: TenantTransaction, id: string): Promise<AgentRow | undefined> {
  return (await tryLock(tx.db, { id }))[0];
}
const tryLock = fixed<{ id: string }, AgentRow>(({ id }) => kept(sql`${select} where a.id = ${id} for no key update of a skip locked`));

/** Sends the agent's present row to the live stream. */
export async function announceAgent(tx: TenantTransaction, id: string, type: string): Promise<Agent> {
  const shown = await readAgent(tx, id);
  tellAgent(tx, shown, type);
  return shown;
}

/** Sends an agent as it was just read. */
export function tellAgent(tx: TenantTransaction, shown: Agent, type: string): void {
  tx.record({ event: { type, entity: 'agent', id: shown.id, version: shown.version, data: shown } });
}
