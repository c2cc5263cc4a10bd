// The nouns of the rail: their icons and live counts; their words and permissions are in shared/places.ts.
import {
  IconActivity,
  IconChartBar,
  IconChecklist,
  IconCoin,
  IconHistory,
  IconLayoutDashboard,
  IconListDetails,
  IconNote,
  IconPlugConnected,
  IconRobot,
  IconSettings,
  IconSitemap,
  IconStack2,
  IconStackPush,
  type Icon,
} from '@tabler/icons-react';
import type { Overview } from '../../shared/overview.ts';
import type { Permission } from '../../shared/permissions.ts';
import { placeFacts, type Place } from '../../shared/places.ts';
import { isFinal, taskStates } from '../../shared/task.ts';

export interface Noun {
  place: Place;
  label: string;
  icon: Icon;
  /** The number on the rail: what is under way or open there, so that one glance says where something is; null or 0: none. */
  count(figures: Overview['figures']): number | null;
  /** What that number counts, after it: "at work now". */
  counted?: string;
  /** Shown to those who carry it; absent: to everybody. */
  permission?: Permission;
}

const notEnded = (counts: Overview['figures']['tasks']): number =>
  taskStates.filter((state) => !isFinal(state)).reduce((sum, state) => sum + (counts[state] ?? 0), 0);

const noun = (place: Place, icon: Icon, counting: Pick<Noun, 'count' | 'counted'> = { count: () => null }): Noun => ({
  place,
  icon,
  ...counting,
  ...placeFacts(place),
});

/** The rail's groups, in its order. */
export const groups: readonly (readonly Noun[])[] = [
  [
    noun('overview', IconLayoutDashboard),
    noun('agents', IconRobot, { count: (figures) => figures.activeAgents, counted: 'at work now' }),
    noun('providers', IconPlugConnected),
    noun('tasks', IconListDetails, { count: (figures) => notEnded(figures.tasks), counted: 'not ended' }),
    noun('queues', IconStackPush),
    noun('plans', IconSitemap, { count: (figures) => figures.plansRunning, counted: 'running' }),
    noun('findings', IconNote, { count: (figures) => figures.openFindings, counted: 'urgent and not acknowledged' }),
  ],
  [noun('metrics', IconActivity), noun('jobs', IconStack2), noun('usage', IconChartBar), noun('budgets', IconCoin)],
  [noun('reviews', IconChecklist, { count: (figures) => figures.openReviewItems, counted: 'items undecided in open reviews' }), noun('audit', IconHistory)],
];
export const nouns: readonly Noun[] = groups.flat();
export const settings = noun('settings', IconSettings);
