// What main says of this computer's data in the stories: its folder, a backup, a report, and what is shipped.
import { AppError } from '../../shared/errors.ts';
import type { BackupContents } from '../../shared/backup.ts';
import type { AboutInfo, DataInfo } from '../../shared/keeping.ts';
import type { StoredKind } from '../../shared/workspace.ts';
import { secondsAgo, uuid } from './fixtures.ts';

const DAY = 86_400;

export const about: AboutInfo = {
  versions: { signalbox: '0.1.0', electron: '45.4.1', chromium: '150.0.7871.46', node: '24.9.0', v8: '15.0.245.9' },
  licences: [
    { name: '@electric-sql/pglite', version: '0.5.14', licence: 'Apache-2.0' },
    { name: '@fontsource-variable/jetbrains-mono', version: '5.3.0', licence: 'OFL-1.1' },
    { name: 'fastify', version: '5.12.8', licence: 'MIT' },
    { name: 'react', version: '19.3.1', licence: 'MIT' },
    { name: 'zod', version: '4.6.7', licence: 'MIT' },
  ],
};

export const dataInfo: DataInfo = {
  folder: '/home/mara/.config/Signalbox/workspace',
  kinds: [
    { kind: 'database', bytes: 412_300_000 },
    { kind: 'logs', bytes: 3_100_000 },
    { kind: 'kept', bytes: 0 },
    { kind: 'other', bytes: 1_200 },
  ],
  kept: [],
  freeBytes: 188_000_000_000,
  lastBackup: { at: secondsAgo(2 * DAY), name: 'signalbox-2026-11-18.signalbox-backup', bytes: 48_700_000 },
};

export const dataInfoAfterRestore: DataInfo = {
  ...dataInfo,
  kinds: dataInfo.kinds.map((kind) => (kind.kind === 'kept' ? { ...kind, bytes: 398_000_000 } : kind)),
  kept: [
    {
      folder: '/home/mara/.config/Signalbox/workspace.before-restore-2026-11-19-081502',
      at: secondsAgo(1.4 * DAY),
      bytes: 398_000_000,
    },
  ],
  lastBackup: { ...dataInfo.lastBackup!, at: secondsAgo(12 * DAY) },
};

export const stored: StoredKind[] = [
  { kind: 'tasks', rows: 48_211, bytes: 61_800_000, oldestAt: secondsAgo(63 * DAY) },
  { kind: 'attempts', rows: 55_904, bytes: 38_200_000, oldestAt: secondsAgo(63 * DAY) },
  { kind: 'findings', rows: 1_204, bytes: 1_400_000, oldestAt: secondsAgo(60 * DAY) },
  { kind: 'plans', rows: 88, bytes: 320_000, oldestAt: secondsAgo(62 * DAY) },
  { kind: 'agents', rows: 15, bytes: 98_000, oldestAt: null },
  { kind: 'audit', rows: 182_377, bytes: 97_500_000, oldestAt: secondsAgo(63 * DAY) },
  { kind: 'events', rows: 50_000, bytes: 28_900_000, oldestAt: secondsAgo(19 * DAY) },
  { kind: 'usage', rows: 12_480, bytes: 4_100_000, oldestAt: null },
  { kind: 'other', rows: 41, bytes: 210_000, oldestAt: null },
];

export function previewOf(keepEventsDays: number | null) {
  const events = keepEventsDays === null ? 0 : Math.max(0, Math.round((1 - keepEventsDays / 19) * 50_000));
  return { events, oldestAt: secondsAgo(19 * DAY), keptSince: secondsAgo((keepEventsDays ?? 19) * DAY) };
}

export const backup: BackupContents = {
  createdAt: secondsAgo(2 * DAY),
  program: '0.1.0',
  databaseVersion: { platform: 1, tenant: 9 },
  workspaces: [
    { id: uuid('a', 1), name: 'Northwind Robotics', demo: false, agents: 14, tasks: 48_211, plans: 88, auditEntries: 182_377 },
    { id: uuid('a', 2), name: 'Brightwater Logistics', demo: true, agents: 16, tasks: 44, plans: 3, auditEntries: 512 },
  ],
  people: 9,
  rows: 361_402,
  tables: 88,
  databaseBytes: 412_300_000,
  fileBytes: 48_700_000,
};

const report = [
  '# Signalbox: report of trouble',
  '',
  'Made 2026-11-20T17:42:10.000Z. Keys, tokens, passwords, e-mail addresses and account names are taken out; so are the rows of the database.',
  '',
  '## Versions',
  '',
  ...Object.entries(about.versions).map(([name, version]) => `- ${name}: ${version}`),
  '',
  '## Status',
  '',
  '- backend: ready at http://127.0.0.1:4180',
  '- session: signed in as owner',
  '',
  '## Last errors',
  '',
  '{"level":50,"time":"2026-11-20T16:03:44.120Z","msg":"the provider refused","authorization":"[removed]"}',
  '',
  ...Array.from({ length: 60 }, (_, index) => `{"level":30,"time":"2026-11-20T17:${String(index % 60).padStart(2, '0')}:00.000Z","msg":"a round was swept"}`),
].join('\n');

export const answers = {
  'data:info': () => dataInfo,
  'backup:make': () => backup,
  'backup:pick': () => ({ name: 'signalbox-2026-11-18.signalbox-backup', bytes: backup.fileBytes, createdAt: backup.createdAt, program: backup.program }),
  'backup:inspect': ({ passphrase }: Record<string, unknown>) => {
    if (passphrase !== 'wrong') return backup;
    throw new AppError('validation_failed', 'The passphrase does not open this backup.', {
      details: { reason: 'wrong_passphrase', fields: [{ path: 'passphrase', message: 'This is not the passphrase of this backup.' }] },
    });
  },
  'backup:restore': () => ({ kept: dataInfoAfterRestore.kept[0]?.folder ?? null }),
  'diagnostics:collect': () => ({ text: report }),
  'demo:start': () => null,
  'demo:leave': () => null,
};
