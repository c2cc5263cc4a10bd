// The omnibox (Ctrl K): what can be done here and now, the places, and tasks, agents and plans by name.
import { Spotlight, useSpotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconArrowRight, IconBolt, IconRobot, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { actionIds, actions, isMainAction, type ActionId } from '../../shared/actions.ts';
import { may } from '../../shared/permissions.ts';
import { attachedTo, useAction, useActions, useRun } from '../components/actions.tsx';
import { keyWords } from '../components/keys.ts';
import { shownState, stateWords } from '../components/state.ts';
import { StateShape } from '../components/StateBadge.tsx';
import { Kbd } from '../components/values.tsx';
import { sectionList } from '../settings/sectionList.ts';
import { useAllAgents, useAllPlans } from './all.ts';
import { useApi } from './api.ts';
import { useMe } from './me.tsx';
import { findMatches, fit, omnibox, omniboxStore, withRecent, type Findable } from './palette.ts';
import { useGo, type Routes } from './routes.ts';
import { useStatus } from './status.tsx';
import { opening } from './theme.ts';
import styles from './Omnibox.module.css';

const FOUND = 6;
const RECENT = 5;

interface Entry extends Findable {
  group: 'Here' | 'Go to' | 'Act' | 'Settings';
  keys: string | null;
  run(): void;
}

export function Omnibox() {
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim(), 120);
  const go = useGo();
  const { preferences, prefer } = useStatus();
  const recent = preferences?.recent ?? [];
  const entries = useEntries();
  const found = useFound(asked, go);
  useAction('palette.open', omnibox.toggle);
  const choose = (entry: Entry): void => {
    prefer({ recent: withRecent(recent, entry.id) });
    entry.run();
  };
  const draw = (entry: Entry): SpotlightActionData => ({
    id: entry.id,
    label: entry.label,
    leftSection: entry.group === 'Go to' || entry.group === 'Settings' ? <IconArrowRight size={15} /> : <IconBolt size={15} />,
    rightSection: entry.keys === null ? undefined : <Kbd>{keyWords(entry.keys)}</Kbd>,
    onClick: () => choose(entry),
  });
  const rows = query.trim() === '' ? atFirst(entries, recent, draw) : [...matching(query, entries, { recent, draw }), ...found.groups];
  useChosenRow(query.trim() !== '', rows.flatMap(({ actions: ofGroup }) => ofGroup.map(({ id }) => id)).join(' '));
  return (
    <Spotlight
      store={omniboxStore}
      actions={rows}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      nothingFound={nothingFound(query, found.pending || asked !== query.trim())}
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
      transitionProps={{ ...opening, transition: 'fade' }}
      // They come matched and in their order.
      filter={(_query, given) => given}
      searchProps={{
        leftSection: <IconSearch size={16} />,
        placeholder: 'Search, go to, or act…',
        'aria-label': 'Search, go to, or act',
        // The arrow keys choose without telling those who watch the store.
        onKeyDown: () => queueMicrotask(() => omniboxStore.setState({ ...omniboxStore.getState() })),
        rightSectionWidth: 0,
        rightSection: <ChosenRow rows={rows} />,
      }}
    />
  );
}

function nothingFound(query: string, pending: boolean): string {
  if (query.trim() === '') return 'Type to search.';
  return pending ? 'Searching…' : 'Nothing has that name. Ids of tasks work too.';
}

/**
 * Once something is typed, Enter does what stands first, also where it came in later; a row that was gone to by the
 * arrow keys stays chosen while others come in around it. `rows`: the ids that are shown, in their order.
 */
function useChosenRow(typed: boolean, rows: string): void {
  useEffect(() => {
    const { listId, opened } = omniboxStore.getState();
    if (!opened || rows === '') return;
    const shown = [...(document.querySelector(`[id="${listId}"]`)?.querySelectorAll('[data-action]') ?? [])];
    const chosen = shown.findIndex((row) => row.hasAttribute('data-selected'));
    if (chosen === -1 && typed) shown[0]?.setAttribute('data-selected', 'true');
    const selected = chosen === -1 && typed && shown.length > 0 ? 0 : chosen;
    omniboxStore.setState({ ...omniboxStore.getState(), selected });
  }, [typed, rows]);
}

/** Which row Enter would do, for who does not see it: the keyboard stays in the field. */
function ChosenRow({ rows }: { rows: readonly SpotlightActionGroupData[] }) {
  const { selected } = useSpotlight(omniboxStore);
  const all = rows.flatMap(({ group, actions: ofGroup }) => ofGroup.map(({ label }) => `${label}, ${group}`));
  return (
    <VisuallyHidden role="status">{selected in all ? `${all[selected]}, ${selected + 1} of ${all.length}` : ''}</VisuallyHidden>
  );
}

type Draw = (entry: Entry) => SpotlightActionData;

/** Before anything is typed: what was chosen lately, what can be done here, and the rest by its kind. */
function atFirst(entries: readonly Entry[], recent: readonly string[], draw: Draw): SpotlightActionGroupData[] {
  const lately = recent.flatMap((id) => entries.find((entry) => entry.id === id) ?? []).slice(0, RECENT);
  const rest = entries.filter((entry) => !lately.includes(entry));
  const groups = (['Here', 'Go to', 'Act', 'Settings'] as const).map((group) => ({
    group,
    actions: rest.filter((entry) => entry.group === group).map(draw),
  }));
  return [{ group: 'Recent', actions: lately.map(draw) }, ...groups].filter((group) => group.actions.length > 0);
}

function matching(query: string, entries: readonly Entry[], given: { recent: readonly string[]; draw: Draw }): SpotlightActionGroupData[] {
  const matches = findMatches(query, entries, given.recent);
  return matches.length === 0 ? [] : [{ group: 'Go to and act', actions: matches.map(given.draw) }];
}

/** Everything that can be done now, by those who may. */
function useEntries(): Entry[] {
  const attached = useActions();
  const run = useRun();
  const go = useGo();
  const { role } = useMe().organization;
  const possible = (id: ActionId): boolean => {
    const { by, permission } = actions[id];
    if (by === 'key' || id === 'palette.open' || (permission !== undefined && !may(role, permission))) return false;
    return isMainAction(id) || attachedTo(attached, id)?.reason === null;
  };
  const acts = actionIds.filter(possible).map((id): Entry => {
    const { label, words = '', keys, by, group } = actions[id];
    const place = group === 'Go' && id !== 'go.back' && id !== 'go.forward';
    return {
      id,
      label: attachedTo(attached, id)?.label ?? label,
      words: `${words} ${label}`,
      group: by === 'screen' ? 'Here' : place || id === 'go.settings' ? 'Go to' : 'Act',
      keys: keys?.[0] ?? null,
      run: () => void run(id),
    };
  });
  const settings = sectionList.map((section): Entry => ({
    id: `settings.${section.id}`,
    label: `Settings: ${section.label}`,
    words: section.words,
    group: 'Settings',
    keys: null,
    run: () => go({ place: 'settings', id: section.id }),
  }));
  // The places in the order of the rail, of which the settings are the last.
  const places = acts.filter(({ group }) => group === 'Go to');
  const ordered = [...places.filter(({ id }) => id !== 'go.settings'), ...places.filter(({ id }) => id === 'go.settings')];
  return [...ordered, ...acts.filter(({ group }) => group !== 'Go to'), ...settings];
}

/** `pending`: more may come. */
interface Found {
  groups: SpotlightActionGroupData[];
  pending: boolean;
}

function useFound(asked: string, go: Routes['go']): Found {
  const api = useApi();
  const enabled = asked.length >= 2;
  const tasks = useQuery(api.tasks.list.queryOptions({ q: asked, limit: FOUND }, { enabled, gcTime: 30_000, placeholderData: keepPreviousData }));
  const agents = useAllAgents(enabled);
  const plans = useAllPlans(enabled);
  if (!enabled) return { groups: [], pending: false };
  const given = tasks.data?.items ?? [];
  // Until the answer to what is asked now is there, those of the one before that fit it too.
  const foundTasks = tasks.isPlaceholderData ? given.filter(({ id, title }) => fit(asked, { id, label: title, words: '' }) > 0) : given;
  const groups: SpotlightActionGroupData[] = [
    {
      group: 'Tasks',
      actions: foundTasks.map((task) => {
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
      actions: named(asked, agents.rows).map((agent) => ({
        id: agent.id,
        label: agent.name,
        description: agent.provider?.simulated ? `${agent.role} · simulated` : agent.role,
        leftSection: <IconRobot size={15} />,
        onClick: () => go({ place: 'agents', id: agent.id }),
      })),
    },
    {
      group: 'Plans',
      actions: named(asked, plans.rows).map((plan) => ({
        id: plan.id,
        label: plan.name,
        description: [stateWords[plan.state], plan.simulated ? 'simulated' : null].filter(Boolean).join(' · '),
        leftSection: <StateShape state={plan.state} size={14} />,
        onClick: () => go({ place: 'plans', id: plan.id }),
      })),
    },
  ];
  return { groups: groups.filter((group) => group.actions.length > 0), pending: tasks.isFetching };
}

/** Those whose name fits what was asked, the best first. */
function named<Row extends { id: string; name: string; role?: string }>(asked: string, rows: readonly Row[] = []): Row[] {
  const items = rows.map((row) => ({ id: row.id, label: row.name, words: row.role ?? '', row }));
  return findMatches(asked, items, []).slice(0, FOUND).map(({ row }) => row);
}
