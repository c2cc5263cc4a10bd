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

export interface Noun {
  place: Place;
  label: string;
  icon: Icon;
  /** The number on the rail; null: none. */
  count(figures: Overview['figures']): number | null;
  /** What that number counts, after it: "in service". */
  counted?: string;
  /** Shown to those who carry it; absent: to everybody. */
  permission?: Permission;
}

const all = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

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
    noun('agents', IconRobot, { count: (figures) => figures.agents, counted: 'in service' }),
    noun('providers', IconPlugConnected),
    noun('tasks', IconListDetails, { count: (figures) => all(figures.tasks), counted: 'in all states together' }),
    noun('queues', IconStackPush),
    noun('plans', IconSitemap, { count: (figures) => figures.plansRunning, counted: 'running' }),
    noun('findings', IconNote, { count: (figures) => figures.openFindings, counted: 'urgent and not acknowledged' }),
  ],
  [noun('metrics', IconActivity), noun('jobs', IconStack2), noun('usage', IconChartBar), noun('budgets', IconCoin)],
  [noun('reviews', IconChecklist, { count: (figures) => figures.openReviewItems, counted: 'items undecided in open reviews' }), noun('audit', IconHistory)],
];
export const nouns: readonly Noun[] = groups.flat();
export const settings = noun('settings', IconSettings);
