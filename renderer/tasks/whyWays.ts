// Reasons of "why" that no single operation takes away: where a person goes to do it.
import type { Permission } from '../../shared/permissions.ts';
import type { WhyReason } from '../../shared/why.ts';
import type { Target } from '../app/routes.ts';

export interface WhyWay {
  label: string;
  /** Null: everybody may go there. */
  permission: Permission | null;
  /** A place, or the task that is given to another agent. */
  to: Target | { reassign: string };
}

/** Of each reason that has no fix the way, each once. */
export function waysOf(reasons: readonly WhyReason[]): WhyWay[] {
  const ways = reasons.flatMap((reason) => (reason.fix ? [] : (wayOf(reason) ?? [])));
  return ways.filter((way, index) => ways.findIndex(({ label }) => label === way.label) === index);
}

function wayOf({ code, about, taskId }: WhyReason): WhyWay | null {
  const agent = (label: string, search: Record<string, string>, permission: Permission): WhyWay => ({
    label,
    permission,
    to: { place: 'agents', id: about?.id ?? null, search },
  });
  switch (code) {
    case 'agent_offline':
      return agent('How to connect it', { connect: '1' }, 'keys:manage');
    case 'agent_without_provider':
      return agent('Choose a provider', { edit: '1' }, 'agents:write');
    case 'agent_retired':
    case 'no_able_agent':
      return { label: 'Give it to an agent…', permission: 'tasks:operate', to: { reassign: taskId } };
    case 'able_agents_busy':
    case 'able_agents_unavailable':
      return { label: 'Show the agents', permission: null, to: { place: 'agents' } };
    case 'provider_cooling':
      return { label: 'Open the account', permission: null, to: { place: 'providers', id: about?.id ?? null } };
    case 'plan_ended':
      return { label: 'Open the plan', permission: null, to: { place: 'plans', id: about?.id ?? null } };
    case 'quota':
      return { label: 'Show the usage', permission: null, to: { place: 'usage' } };
    default:
      return null;
  }
}
