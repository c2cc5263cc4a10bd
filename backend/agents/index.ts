// Agents: what other nouns may use.
export { changeAgent, createAgents, markOffline, PRESENCE_SECONDS, settleAgents, touchAgent, type HeldAgent, type NewAgent } from './commands.ts';
export { agentHandlers } from './handlers.ts';
export { announceAgent, findAgents, lockAgent, presenceOf, readAgent, toAgent, tryLockAgent, type AgentRow } from './rows.ts';
