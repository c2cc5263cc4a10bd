// Agents: hosted (run here through a provider account) and external (programs that claim with a key).
import { z } from 'zod';
import { operation } from './operation.ts';
import { byId, id, line, money, page, pageInput, text, time } from './schema.ts';

export const agentKinds = ['hosted', 'external'] as const;
export const agentStatuses = ['active', 'paused', 'retired'] as const;
export const presences = ['idle', 'busy', 'offline'] as const;
export type AgentStatus = (typeof agentStatuses)[number];
export type Presence = (typeof presences)[number];

/** The name of the agent that every workspace has; a plan's task without an agent goes to it. */
export const COORDINATOR = 'coordinator';

export const agentProvider = z.object({ accountId: id, model: line(120) });
export const agentName = line(80);
const capabilities = z.array(line(60)).max(50, 'List at most 50 capabilities.');
const concurrency = z.number().int().min(1).max(1000);
/** Seconds: ten seconds to a day. */
export const timeLimitSeconds = z.number().int().min(1).max(86_400);

/** Known of programs that have a limit of their own; budgets hold so much for each attempt. */
const attemptCostUsd = money
  .refine((given) => Number(given) > 0, 'Write more than nothing, or leave it empty.')
  .refine((given) => Number(given) <= 1_000_000, 'Write at most 1,000,000.')
  .nullable()
  .describe('The most that one attempt of it costs; null: not known');

export const agentInput = z.object({
  name: agentName,
  kind: z.enum(agentKinds),
  role: text(200).optional(),
  instructions: text(50_000).optional(),
  capabilities: capabilities.optional(),
  provider: agentProvider.optional(),
  concurrency: concurrency.default(1),
  timeLimitSeconds: timeLimitSeconds.default(900),
  attemptCostUsd: attemptCostUsd.optional(),
});
export type AgentInput = z.infer<typeof agentInput>;

export const agent = z.object({
  id,
  version: z.number().int(),
  name: z.string(),
  kind: z.enum(agentKinds),
  role: z.string(),
  instructions: z.string(),
  capabilities: z.array(z.string()),
  /** `simulated`: no model runs behind it; shown wherever the agent is. */
  provider: agentProvider.extend({ accountName: z.string(), simulated: z.boolean() }).nullable(),
  concurrency: z.number().int(),
  timeLimitSeconds: z.number().int(),
  attemptCostUsd: money.nullable(),
  status: z.enum(agentStatuses),
  presence: z.enum(presences),
  /** Tasks that it runs now. */
  running: z.number().int(),
  /** The coordinator cannot be retired. */
  builtIn: z.boolean(),
  lastSeenAt: time.nullable(),
  createdAt: time,
});
export type Agent = z.infer<typeof agent>;

export const agentPatch = z.object({
  id,
  name: agentName.optional(),
  role: text(200).optional(),
  instructions: text(50_000).optional(),
  capabilities: capabilities.optional(),
  provider: agentProvider.nullable().optional(),
  concurrency: concurrency.optional(),
  timeLimitSeconds: timeLimitSeconds.optional(),
  attemptCostUsd: attemptCostUsd.optional(),
  /** `retired` is reached by DELETE alone. */
  status: z.enum(['active', 'paused']).optional(),
  /** With it, a stale version is refused (409 version_conflict). */
  version: z.number().int().optional(),
});

/** An agent's status changes only along this table. */
export const agentTransitions = {
  active: ['paused', 'retired'],
  paused: ['active', 'retired'],
  retired: [],
} as const satisfies Record<AgentStatus, readonly AgentStatus[]>;

export const agentOperations = {
  list: operation({
    kind: 'query',
    summary: 'Agents, by name.',
    input: pageInput.extend({ includeRetired: z.stringbool().or(z.boolean()).optional() }),
    output: page(agent),
    permission: 'agents:read',
    scope: 'agents:read',
    rest: { method: 'GET', path: '/api/agents', status: 200 },
  }),
  get: operation({
    kind: 'query',
    summary: 'One agent.',
    input: byId,
    output: agent,
    permission: 'agents:read',
    scope: 'agents:read',
    rest: { method: 'GET', path: '/api/agents/:id', status: 200 },
  }),
  create: operation({
    kind: 'mutation',
    summary: 'Create an agent.',
    input: agentInput,
    output: agent,
    permission: 'agents:write',
    scope: 'agents:write',
    rest: { method: 'POST', path: '/api/agents', status: 201 },
  }),
  update: operation({
    kind: 'mutation',
    summary: 'Change an agent; status pauses and resumes it (an SRE may change the status alone).',
    input: agentPatch,
    output: agent,
    permission: 'agents:operate',
    scope: 'agents:write',
    rest: { method: 'PATCH', path: '/api/agents/:id', status: 200 },
  }),
  retire: operation({
    kind: 'mutation',
    summary: 'Retire an agent that runs nothing; its history stays.',
    input: byId,
    output: agent,
    permission: 'agents:write',
    scope: 'agents:write',
    rest: { method: 'DELETE', path: '/api/agents/:id', status: 200 },
  }),
};
