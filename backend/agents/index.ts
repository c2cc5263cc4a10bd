// Agents: what other nouns may use.
export { changeAgent, createAgents, markOffline, PRESENCE_SECONDS, settleAgents, touchAgent, type NewAgent } from './commands.ts';
export { agentHandlers } from './handlers.ts';
export { announceAgent, findAgents, lockAgent, presenceOf, readAgent, toAgent, type AgentRow } from './rows.ts';
