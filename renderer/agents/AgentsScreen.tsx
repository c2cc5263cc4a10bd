// The agents: who there is, who works, and the details of one beside the list.
import { Button } from '@mantine/core';
import { IconPlus, IconRobot } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { Agent } from '../../shared/agent.ts';
import { useApi } from '../app/api.ts';
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { FilterBar } from '../components/FilterBar.tsx';
import { formatCount, formatPlural } from '../components/format.ts';
import { EmptyState, PageHeader, Screen, Segments, SplitDetails } from '../components/layout.tsx';
import { ListTable } from '../components/ListTable.tsx';
import { AgentDialog } from './AgentDialog.tsx';
import { AgentPanel } from './AgentPanel.tsx';
import { agentColumns, pagedAgentColumns } from './columns.tsx';
import { ConnectDialog } from './ConnectDialog.tsx';
import { agentFields, matchesAgent } from './filters.ts';

const idOf = (agent: Agent): string => agent.id;
const views = [
  { value: 'service', label: 'In service' },
  { value: 'all', label: 'With retired' },
];

export function AgentsScreen() {
  const api = useApi();
  const go = useGo();
  const { id, search: asked } = useRoute();
  const { new: creating, connect, edit, ...search } = asked;
  const includeRetired = search.retired === '1';
  const query = useInfiniteQuery(
    api.agents.list.infiniteQueryOptions({ limit: 200, ...(includeRetired && { includeRetired }) }, { getNextPageParam: (page) => page.nextCursor }),
  );
  const loaded = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const rows = useMemo(() => loaded?.filter((agent) => matchesAgent(agent, asked)), [loaded, asked]);
  const one = useQuery(api.agents.get.queryOptions({ id: id ?? '' }, { enabled: id !== null }));
  const row = loaded?.find((agent) => agent.id === id);
  const agent = newer(one.data, row);
  const [retiring, setRetiring] = useState(false);
  const retire = useMutation(api.agents.retire.mutationOptions({ onSuccess: () => setRetiring(false) }));
  const capabilities = useMemo(() => [...new Set(loaded?.flatMap((known) => known.capabilities))].sort(), [loaded]);

  const show = (next: { id?: string | null; search?: Record<string, string | undefined> }): void =>
    go({ place: 'agents', id, search, ...next }, { replace: true });
  const isNarrowed = Boolean(search.q || search.kind || search.presence);
  // The window filters, so it must have them all.
  const { hasNextPage, isFetching, fetchNextPage } = query;
  const loadAfter = isNarrowed && hasNextPage && !isFetching ? (query.data?.pages.length ?? 0) : null;
  useEffect(() => {
    if (loadAfter !== null) void fetchNextPage();
  }, [loadAfter, fetchNextPage]);
  const newButton = (
    <MayButton permission="agents:write" variant="filled" onClick={() => show({ search: { ...search, new: '1' } })}>
      New agent
    </MayButton>
  );
  return (
    <Screen>
      <PageHeader
        title="Agents"
        aside={
          <Segments
            label="View"
            options={views}
            value={includeRetired ? 'all' : 'service'}
            onChange={(view) => show({ search: { ...search, retired: view === 'all' ? '1' : undefined } })}
          />
        }
        actions={newButton}
      />
      <FilterBar
        label="Filter agents"
        fields={agentFields}
        value={search}
        onChange={(filter) => show({ search: { ...search, ...filter } })}
        placeholder="Name, role or capability…"
        aside={loaded && rows && countOf(rows.length, loaded.length, hasNextPage)}
      />
      <SplitDetails
        list={
          <ListTable
            label="Agents"
            columns={hasNextPage ? pagedAgentColumns : agentColumns}
            rows={rows}
            rowId={idOf}
            selectedId={id}
            onOpen={(opened) => go({ place: 'agents', id: opened.id, search }, { replace: id !== null })}
            error={query.error}
            onRetry={() => void query.refetch()}
            hasMore={hasNextPage}
            onMore={() => {
              if (!query.isFetchingNextPage) void fetchNextPage();
            }}
            empty={
              isNarrowed ? (
                <EmptyState icon={<IconRobot size={28} stroke={1.4} />} title="No agent matches" actions={<Button onClick={() => show({ search: { retired: search.retired } })}>Show all agents</Button>}>
                  Nothing is wrong: the filter leaves none over.
                </EmptyState>
              ) : (
                <EmptyState
                  icon={<IconRobot size={28} stroke={1.4} />}
                  title="No agents yet"
                  actions={
                    <MayButton permission="agents:write" variant="filled" leftSection={<IconPlus size={14} />} onClick={() => show({ search: { ...search, new: '1' } })}>
                      New agent
                    </MayButton>
                  }
                >
                  An agent does tasks. A hosted one runs here through a provider account; an external one is a program of yours that
                  fetches its work with a key.
                </EmptyState>
              )
            }
            autoFocus
          />
        }
        details={
          id === null ? null : (
            <AgentPanel
              agent={agent}
              error={one.error}
              onRetry={() => void one.refetch()}
              onClose={() => show({ id: null })}
              onEdit={() => show({ search: { ...search, edit: '1' } })}
              onConnect={() => show({ search: { ...search, connect: '1' } })}
              onRetire={() => setRetiring(true)}
            />
          )
        }
      />
      <AgentDialog
        opened={creating === '1'}
        capabilities={capabilities}
        onClose={() => show({})}
        onSaved={(saved) => show({ id: saved.id, search: saved.kind === 'external' ? { connect: '1' } : {} })}
      />
      {agent && (
        <>
          <AgentDialog opened={edit === '1'} agent={agent} capabilities={capabilities} onClose={() => show({})} onSaved={() => show({})} />
          <ConnectDialog agent={agent} opened={connect === '1' && agent.kind === 'external'} onClose={() => show({})} />
          <ConfirmDialog
            opened={retiring}
            title={`Retire ${agent.name}?`}
            confirm="Retire it"
            dismiss="Keep it"
            danger
            busy={retire.isPending}
            error={retire.error}
            onConfirm={() => retire.mutate({ id: agent.id })}
            onClose={() => {
              retire.reset();
              setRetiring(false);
            }}
          >
            It takes no more work, and this cannot be taken back: to go on with it, create it anew. Its tasks, findings and cost stay. To
            stop it for a while, pause it instead.
          </ConfirmDialog>
        </>
      )}
    </Screen>
  );
}

function countOf(shown: number, loaded: number, more: boolean): string {
  if (shown < loaded) return `${formatCount(shown)} of ${formatCount(loaded)}${more ? ' so far' : ''}`;
  return more ? `the first ${formatCount(loaded)}` : formatPlural(loaded, 'agent');
}

function newer(one: Agent | undefined, row: Agent | undefined): Agent | undefined {
  if (!one || !row) return one ?? row;
  return one.version >= row.version ? one : row;
}
