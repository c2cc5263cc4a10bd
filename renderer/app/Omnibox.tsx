// The omnibox (Ctrl K): places, what can be begun, and tasks, agents and plans by name.
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconArrowRight, IconMoon, IconPlus, IconRobot, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { may } from '../../shared/permissions.ts';
import { shownState, stateWords } from '../components/state.ts';
import { StateShape } from '../components/StateBadge.tsx';
import { sectionList } from '../settings/sectionList.ts';
import { useAllAgents, useAllPlans } from './all.ts';
import { useApi } from './api.ts';
import { useMe } from './me.tsx';
import { commands, nouns, settings } from './nouns.tsx';
import { useGo, type Routes } from './routes.ts';
import { useStatus } from './status.tsx';
import styles from './Omnibox.module.css';

const FOUND = 6;

export function Omnibox() {
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim(), 120);
  const go = useGo();
  const { role } = useMe().organization;
  const { prefer } = useStatus();
  const found = useFound(asked, go);
  const icon = <IconArrowRight size={15} />;
  const actions: SpotlightActionGroupData[] = [
    ...found,
    {
      group: 'Go to',
      actions: [...nouns, settings].map((noun) => ({
        id: `go-${noun.place}`,
        label: noun.label,
        leftSection: icon,
        onClick: () => go({ place: noun.place }),
      })).concat(
        sectionList.map(({ id, label, words }) => ({
          id: `go-settings-${id}`,
          label: `Settings: ${label}`,
          keywords: words,
          leftSection: icon,
          onClick: () => go({ place: 'settings', id }),
        })),
      ),
    },
    {
      group: 'Act',
      actions: [
        ...commands
          .filter((command) => may(role, command.permission))
          .map((command) => ({
            id: command.label,
            label: command.label,
            description: command.description,
            leftSection: <IconPlus size={15} />,
            onClick: () => go(command.to),
          })),
        ...(['Dark', 'Light', 'System'] as const).map((name) => ({
          id: `theme-${name}`,
          label: `${name} theme`,
          leftSection: <IconMoon size={15} />,
          onClick: () => prefer({ theme: name.toLowerCase() as 'dark' }),
        })),
      ],
    },
  ];
  return (
    <Spotlight
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K', 'mod + P']}
      nothingFound={query.trim() === '' ? 'Type to search.' : 'Nothing has that name. Ids of tasks work too.'}
      highlightQuery
      attributes={{ content: { 'aria-label': 'Omnibox' } }}
      scrollable
      maxHeight={420}
      size={620}
      centered={false}
      yOffset={52}
      radius={9}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      classNames={{ search: styles.search, content: styles.content }}
      transitionProps={{ duration: 120, transition: 'fade' }}
      filter={(text, groups) => keepMatching(text, groups as SpotlightActionGroupData[])}
      searchProps={{
        leftSection: <IconSearch size={16} />,
        placeholder: 'Search, go to, or act…',
        'aria-label': 'Search, go to, or act',
      }}
    />
  );
}

/** What the backend found stays as it is; places and commands are matched by their words. */
export function keepMatching(text: string, groups: SpotlightActionGroupData[]): SpotlightActionGroupData[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const matches = (action: SpotlightActionData): boolean => {
    const own = `${action.label ?? ''} ${action.description ?? ''} ${String(action.keywords ?? '')}`.toLowerCase();
    return words.every((word) => own.includes(word));
  };
  return groups
    .map((group) => (group.group === 'Tasks' ? group : { ...group, actions: group.actions.filter(matches) }))
    .filter((group) => group.actions.length > 0);
}

function useFound(asked: string, go: Routes['go']): SpotlightActionGroupData[] {
  const api = useApi();
  const enabled = asked.length >= 2;
  const tasks = useQuery(api.tasks.list.queryOptions({ q: asked, limit: FOUND }, { enabled, gcTime: 30_000 }));
  const agents = useAllAgents(enabled);
  const plans = useAllPlans(enabled);
  if (!enabled) return [];
  return [
    {
      group: 'Tasks',
      actions: (tasks.data?.items ?? []).map((task) => {
        const state = shownState(task);
        return {
          id: task.id,
          label: task.title,
          description: [stateWords[state], task.agentName, task.simulated ? 'simulated' : null].filter(Boolean).join(' · '),
          leftSection: <StateShape state={state} size={14} />,
          onClick: () => go({ place: 'tasks', id: task.id }),
        };
      }),
    },
    {
      group: 'Agents',
      actions: (agents.rows ?? []).map((agent) => ({
        id: agent.id,
        label: agent.name,
        description: agent.provider?.simulated ? `${agent.role} · simulated` : agent.role,
        leftSection: <IconRobot size={15} />,
        onClick: () => go({ place: 'agents', id: agent.id }),
      })),
    },
    {
      group: 'Plans',
      actions: (plans.rows ?? []).map((plan) => ({
        id: plan.id,
        label: plan.name,
        description: [stateWords[plan.state], plan.simulated ? 'simulated' : null].filter(Boolean).join(' · '),
        leftSection: <StateShape state={plan.state} size={14} />,
        onClick: () => go({ place: 'plans', id: plan.id }),
      })),
    },
  ];
}
