// The filter of the agents' list, which is loaded whole: matched in the window. Pure.
import { agentKinds, presences, type Agent } from '../../shared/agent.ts';
import type { FilterField, FilterValue } from '../components/filter.ts';
import { kindWords, presenceWords } from './PresenceMark.tsx';

export const agentFields: readonly FilterField[] = [
  { key: 'presence', label: 'Presence', multiple: true, values: presences.map((value) => ({ value, label: presenceWords[value] })) },
  { key: 'kind', label: 'Kind', values: agentKinds.map((value) => ({ value, label: kindWords[value] })) },
];

/** Every word is in the name, the role or a capability. */
export function matchesAgent(agent: Agent, { q, kind, presence }: FilterValue): boolean {
  const text = [agent.name, agent.role, ...agent.capabilities].join(' ').toLowerCase();
  const words = q?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  return (
    (!kind || agent.kind === kind) &&
    (!presence || presence.split(',').includes(agent.presence)) &&
    words.every((word) => text.includes(word))
  );
}
