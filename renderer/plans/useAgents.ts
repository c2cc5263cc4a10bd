// Every agent of the workspace: a preview says of each name whether it is one of them.
import type { Agent } from '../../shared/agent.ts';
import { useAllAgents } from '../app/all.ts';

/** Undefined until the last page is there. */
export function useAgents(): readonly Agent[] | undefined {
  const { rows, complete } = useAllAgents();
  return complete ? rows : undefined;
}
