// Each section of the settings in its states.
import { meAs } from '../stories/fixtures.ts';
import { dataInfo, dataInfoAfterRestore } from '../stories/keepingFixtures.ts';
import { failing, pending } from '../stories/bridge.ts';
import { defineStories } from '../stories/story.ts';

const unreachable = failing('unavailable', 'The backend cannot be reached.');
const key = (index: number, name: string, scopes: string[]) => ({
  id: `019d2f6a-0400-7a31-8f0c-b0000000000${index}`,
  name,
  prefix: `sbk_019d2f6a0${index}`,
  scopes,
  agentId: null,
  createdAt: '2026-11-02T09:00:00Z',
  expiresAt: null,
  lastUsedAt: index === 2 ? null : '2026-11-20T17:38:00Z',
});
const keys = {
  'keys.list': () => ({
    items: [
      key(1, 'supply-analyst at the plant', ['agent']),
      key(2, 'Nightly report, with a name that goes on for rather longer than a column is wide', ['tasks:read', 'agents:read', 'usage:read', 'audit:read']),
      key(3, 'safety-auditor', ['agent']),
    ],
    nextCursor: null,
  }),
};

export const stories = defineStories('settings', {
  appearance: { path: '/settings/appearance' },
  connections: { path: '/settings/connections' },
  notifications: { path: '/settings/notifications' },
  closing: { path: '/settings/closing' },
  'closing-without-tray': { path: '/settings/closing', status: { tray: false }, preferences: { closing: 'background' } },
  account: { path: '/settings/account' },
  'account-forgotten': {
    path: '/settings/account',
    status: { keychain: false, session: { state: 'signed_in', me: meAs('owner'), remembered: false } },
  },
  workspace: { path: '/settings/workspace' },
  'workspace-viewer': { path: '/settings/workspace', me: meAs('viewer') },
  'workspace-loading': { path: '/settings/workspace', handlers: { 'workspace.get': pending } },
  'workspace-failing': { path: '/settings/workspace', handlers: { 'workspace.get': unreachable } },
  data: { path: '/settings/data' },
  'data-viewer': { path: '/settings/data', me: meAs('viewer') },
  'data-loading': { path: '/settings/data', handlers: { 'workspace.storage': pending }, keeping: { 'data:info': pending } },
  'data-failing': {
    path: '/settings/data',
    handlers: { 'workspace.storage': unreachable, 'workspace.get': unreachable },
    keeping: { 'data:info': unreachable },
  },
  'data-server': { path: '/settings/data', keeping: { 'data:info': () => null } },
  backup: { path: '/settings/backup' },
  'backup-never': { path: '/settings/backup', keeping: { 'data:info': () => ({ ...dataInfo, lastBackup: null }) } },
  'backup-restored': { path: '/settings/backup', keeping: { 'data:info': () => dataInfoAfterRestore } },
  'backup-loading': { path: '/settings/backup', keeping: { 'data:info': pending } },
  'backup-failing': { path: '/settings/backup', keeping: { 'data:info': unreachable } },
  'backup-server': { path: '/settings/backup', keeping: { 'data:info': () => null } },
  diagnostics: { path: '/settings/diagnostics' },
  programs: { path: '/settings/programs', handlers: keys },
  'programs-empty': { path: '/settings/programs' },
  'programs-viewer': { path: '/settings/programs', me: meAs('viewer') },
  'programs-loading': { path: '/settings/programs', handlers: { 'keys.list': pending } },
  'programs-failing': { path: '/settings/programs', handlers: { 'keys.list': unreachable } },
  about: { path: '/settings/about' },
});
