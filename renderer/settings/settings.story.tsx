// Each section of the settings in its states.
import { useEffect, type ReactNode } from 'react';
import { AppError } from '../../shared/errors.ts';
import { me, meAs } from '../stories/fixtures.ts';
import { dataInfo, dataInfoAfterRestore } from '../stories/keepingFixtures.ts';
import { failing, pending } from '../stories/bridge.ts';
import { defineStories, type StoryState } from '../stories/story.ts';
import { SettingsScreen } from './SettingsScreen.tsx';

const unreachable = failing('unavailable', 'The backend cannot be reached.');
/** The tenant of the fixtures, as it stands in each of its keys. */
const TENANT = me.organization.id.replaceAll('-', '');
const key = (index: number, name: string, scopes: string[]) => {
  const id = `019d2f6a-0400-7a31-8f0c-b0000000000${index}`;
  return {
    id,
    name,
    prefix: `sbx_${TENANT}${id.replaceAll('-', '')}`,
    scopes,
    agentId: null,
    createdAt: '2026-11-02T09:00:00Z',
    expiresAt: index === 2 ? '2026-11-24T23:59:59Z' : null,
    lastUsedAt: index === 2 ? null : '2026-11-20T17:38:00Z',
  };
};
const keys = {
  'keys.list': () => ({
    items: [
      key(1, 'supply-analyst (agent)', ['agent']),
      key(2, 'Nightly report, with a name that goes on for rather longer than a column is wide', ['tasks:read', 'agents:read', 'usage:read', 'audit:read']),
      key(3, 'safety-auditor (agent)', ['agent']),
    ],
    nextCursor: null,
  }),
};

const newKey = '/settings/programs?new=1';
const made = { ...keys, 'keys.create': () => ({ id: key(4, '', []).id, key: `${key(4, '', []).prefix}_${'this-is-no-key_'.repeat(3).slice(0, 43)}`, prefix: key(4, '', []).prefix }) };
const refused = {
  ...keys,
  'keys.create': () => {
    const field = { path: 'expiresAt', message: 'Choose a time in the future, or leave it out.' };
    throw new AppError('validation_failed', `${field.path}: ${field.message}`, { details: { fields: [field] } });
  },
};
/** What stands in the form as the story begins. */
const written = (values: Record<string, unknown>): Pick<StoryState, 'drafts'> => ({ drafts: [{ name: 'key new', what: 'a new API key', path: newKey, values }] });

/** Presses buttons by their words, each when it is there, as a person does: some states come from nothing else. */
function Pressed({ names, children }: { names: readonly string[]; children: ReactNode }) {
  useEffect(() => {
    let next = 0;
    const timer = setInterval(() => {
      const button = [...document.querySelectorAll<HTMLElement>('[role="dialog"] button')].find(({ textContent }) => textContent === names[next]);
      if (button === undefined) return;
      button.click();
      next += 1;
      if (next === names.length) clearInterval(timer);
    }, 30);
    return () => clearInterval(timer);
  }, [names]);
  return children;
}
const pressing = (...names: string[]): StoryState => ({ frame: 'shell', path: newKey, render: () => <Pressed names={names}><SettingsScreen /></Pressed> });
const report = { name: 'Nightly report' };

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
  'programs-new': { path: newKey, handlers: keys },
  'programs-new-agent': { path: newKey, handlers: keys, ...written({ name: 'Gate at the quay', scopes: ['agent'], ends: 'day', day: '2026-12-31' }) },
  'programs-new-wrong': { ...pressing('Create key'), handlers: keys, ...written({ scopes: ['agent'], ends: 'day', day: '2026-11-01' }) },
  'programs-new-refused': { ...pressing('Create key'), handlers: refused, ...written({ ...report, ends: 'day', day: '2026-12-31' }) },
  'programs-new-made': { ...pressing('Create key'), handlers: made, ...written(report) },
  'programs-new-not-copied': { ...pressing('Create key', 'Done'), handlers: made, ...written(report) },
  'programs-new-left-early': { ...pressing('Create key', 'Not now'), handlers: { ...keys, 'keys.create': pending }, ...written(report) },
  about: { path: '/settings/about' },
});
