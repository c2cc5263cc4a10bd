// The places of the console in the order of its rail: what menus, the omnibox, keys and links name.
import type { Permission } from './permissions.ts';

export interface PlaceFacts {
  label: string;
  /** Shown to those who carry it; absent: to everybody. */
  permission?: Permission;
}

export const placeTable = {
  overview: { label: 'Overview' },
  agents: { label: 'Agents' },
  providers: { label: 'Providers' },
  tasks: { label: 'Tasks' },
  queues: { label: 'Queues' },
  plans: { label: 'Plans' },
  findings: { label: 'Findings' },
  metrics: { label: 'Live operation' },
  jobs: { label: 'Bulk jobs' },
  usage: { label: 'Usage' },
  budgets: { label: 'Budgets' },
  reviews: { label: 'Security reviews' },
  audit: { label: 'Audit', permission: 'audit:read' },
  settings: { label: 'Settings' },
} as const satisfies Record<string, PlaceFacts>;

export type Place = keyof typeof placeTable;
export const places = Object.keys(placeTable) as Place[];
/** Those of the rail, which Ctrl+1 and on reach. */
export const railPlaces = places.filter((place) => place !== 'settings');

/** The same facts, with the optional ones to be asked for. */
export function placeFacts(place: Place): PlaceFacts {
  return placeTable[place];
}
