// The columns of the agents' list.
import { useQuery } from '@tanstack/react-query';
import type { Agent } from '../../shared/agent.ts';
import { useApi } from '../app/api.ts';
import { OVERVIEW_WINDOW_MINUTES } from '../app/overviewWindow.ts';
import type { ListColumn } from '../components/ListTable.tsx';
import { drainMark, drainWords } from '../components/drain.ts';
import { formatCount } from '../components/format.ts';
import { AgentMark, Time } from '../components/values.tsx';
import { kindWords, PresenceMark, statusWords } from './PresenceMark.tsx';

export const agentColumns: readonly ListColumn<Agent>[] = [
  { id: 'presence', header: 'Presence', width: 91, sortBy: (agent) => presenceOrder.indexOf(agent.presence), cell: (agent) => <PresenceMark presence={agent.presence} /> },
  {
    id: 'name',
    header: 'Agent',
    width: 180,
    grow: true,
    sortBy: (agent) => agent.name.toLowerCase(),
    cell: (agent) => <AgentMark name={agent.name} simulated={agent.provider?.simulated ?? false} />,
  },
  { id: 'kind', header: 'Kind', width: 84, hideBelow: 700, sortBy: (agent) => agent.kind, cell: (agent) => kindWords[agent.kind] },
  { id: 'role', header: 'Role', width: 190, grow: true, hideBelow: 960, cell: (agent) => agent.role },
  { id: 'status', header: 'Status', width: 92, hideBelow: 440, sortBy: (agent) => agent.status, cell: statusCell },
  { id: 'running', header: 'Running', width: 78, align: 'right', sortBy: (agent) => agent.running, cell: runningWords },
  { id: 'queued', header: 'Queued', width: 74, align: 'right', hideBelow: 520, cell: (agent) => <Queued agentId={agent.id} /> },
  { id: 'seen', header: 'Last seen', width: 100, align: 'right', hideBelow: 640, sortBy: (agent) => agent.lastSeenAt ?? '', cell: (agent) => <LastSeen agent={agent} /> },
];
const presenceOrder = ['busy', 'idle', 'offline'];

/** The same without sorting, while not all agents are loaded. */
export const pagedAgentColumns = agentColumns.map(({ sortBy: _sortBy, ...column }): ListColumn<Agent> => column);

/** `1 / 3`: tasks that it runs now, of those that it may run at once. */
export function runningWords(agent: Pick<Agent, 'running' | 'concurrency'>): string {
  return `${formatCount(agent.running)} / ${formatCount(agent.concurrency)}`;
}

function statusCell(agent: Agent) {
  if (agent.status === 'active') return <span className="dim">{statusWords.active}</span>;
  if (agent.status === 'retired') return <b>{statusWords.retired}</b>;
  return <b title={`Paused. ${drainWords(agent.running)}`}>{agent.running > 0 ? drainMark(agent.running) : statusWords.paused}</b>;
}

/** A hosted agent runs here; an external one that is heard is seen now, whatever was stored last. */
export function LastSeen({ agent }: { agent: Agent }) {
  if (agent.kind === 'hosted') return <span className="faint">{agent.presence === 'offline' ? 'cannot run yet' : 'runs here'}</span>;
  if (agent.presence !== 'offline') return <span>now</span>;
  return agent.lastSeenAt === null ? <span className="faint">never</span> : <Time value={agent.lastSeenAt} past />;
}

/** From the overview, which the rail has loaded anyway. */
export function useQueued(agentId: string): number | null {
  const api = useApi();
  const { data } = useQuery(
    api.overview.get.queryOptions(
      { windowMinutes: OVERVIEW_WINDOW_MINUTES },
      { select: (overview) => overview.lanes.find((lane) => lane.agent.id === agentId)?.queued ?? null },
    ),
  );
  return data ?? null;
}

function Queued({ agentId }: { agentId: string }) {
  const queued = useQueued(agentId);
  return queued === null ? <span className="faint">–</span> : <span>{formatCount(queued)}</span>;
}
