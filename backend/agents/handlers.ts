// The handlers of the agents' operations.
import type { agentOperations } from '../../shared/agent.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { sql } from '../platform/database.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import { createAgents, retireAgent, updateAgent } from './commands.ts';
import { findAgents, readAgent, toAgent } from './rows.ts';

export const agentHandlers: HandlersOf<typeof agentOperations> = {
  list: inTenant(async (tx, { limit, cursor, includeRetired }) => {
    const after = decodeCursor(cursor, ['text', 'uuid']);
    const seen = after ? sql`(lower(a.name), a.id) > (${after[0]}, ${String(after[1])}::uuid)` : sql`true`;
    const retired = includeRetired ? sql`true` : sql`a.status <> 'retired'`;
    const found = await findAgents(tx, sql`${retired} and ${seen} order by lower(a.name), a.id limit ${limit + 1}`);
    return toPage(found, limit, { item: toAgent, key: (agent) => [agent.name.toLowerCase(), agent.id] });
  }),
  get: inTenant((tx, { id }) => readAgent(tx, id)),
  create: inTenant(async (tx, input) => (await createAgents(tx, [input]))[0]!),
  update: inTenant(updateAgent),
  retire: inTenant((tx, { id }) => retireAgent(tx, id)),
};
