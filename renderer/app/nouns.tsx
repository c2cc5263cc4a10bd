// The nouns of the rail: their words, icons and live counts, and what the omnibox offers for them.
import {
  IconActivity,
  IconChartBar,
  IconChecklist,
  IconHistory,
  IconLayoutDashboard,
  IconListDetails,
  IconNote,
  IconRobot,
  IconSettings,
  IconSitemap,
  IconStack2,
  type Icon,
} from '@tabler/icons-react';
import type { Overview } from '../../shared/overview.ts';
import type { Permission } from '../../shared/permissions.ts';
import type { Place, Target } from './routes.ts';

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

/** The rail's groups, in its order. */
export const groups: readonly (readonly Noun[])[] = [
  [
    { place: 'overview', label: 'Overview', icon: IconLayoutDashboard, count: () => null },
    { place: 'agents', label: 'Agents', icon: IconRobot, count: (figures) => figures.agents, counted: 'in service' },
    { place: 'tasks', label: 'Tasks', icon: IconListDetails, count: (figures) => all(figures.tasks), counted: 'in all states together' },
    { place: 'plans', label: 'Plans', icon: IconSitemap, count: (figures) => figures.plansRunning, counted: 'running' },
    { place: 'findings', label: 'Findings', icon: IconNote, count: (figures) => figures.openFindings, counted: 'urgent and not acknowledged' },
  ],
  [
    { place: 'metrics', label: 'Live operation', icon: IconActivity, count: () => null },
    { place: 'jobs', label: 'Bulk jobs', icon: IconStack2, count: () => null },
    { place: 'usage', label: 'Usage', icon: IconChartBar, count: () => null },
  ],
  [
    { place: 'reviews', label: 'Security reviews', icon: IconChecklist, count: () => null },
    { place: 'audit', label: 'Audit', icon: IconHistory, count: () => null, permission: 'audit:read' },
  ],
];
export const nouns: readonly Noun[] = groups.flat();
export const settings: Noun = { place: 'settings', label: 'Settings', icon: IconSettings, count: () => null };

/** What can be begun from anywhere. The screen opens its dialog when its route's search says so. */
export interface Command {
  label: string;
  description: string;
  to: Target;
  permission: Permission;
}
export const commands: readonly Command[] = [
  { label: 'New task', description: 'Give an agent something to do', to: { place: 'tasks', search: { new: '1' } }, permission: 'tasks:create' },
  { label: 'New agent', description: 'Hosted, or a program of your own', to: { place: 'agents', search: { new: '1' } }, permission: 'agents:write' },
  { label: 'Import a plan', description: 'From Markdown, JSON or YAML', to: { place: 'plans', search: { import: '1' } }, permission: 'plans:create' },
];
