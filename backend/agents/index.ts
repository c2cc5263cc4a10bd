// Agents: what other nouns may use.
export { changeAgent, createAgents, HELD, markOffline, PRESENCE_SECONDS, settleAgents, touchAgent, type NewAgent } from './commands.ts';
export { agentHandlers } from './handlers.ts';
export { announceAgent, findAgents, lockAgent, presenceOf, readAgent, toAgent, tryLockAgent, type AgentRow } from './rows.ts';
