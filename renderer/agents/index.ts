// The agents' screen, and how an agent's presence shows elsewhere.
export { AgentsScreen } from './AgentsScreen.tsx';
export { PresenceMark } from './PresenceMark.tsx';
