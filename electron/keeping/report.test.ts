// The report of trouble: secrets are planted in everything that it is made from, and none may be in it.
import { expect, test } from 'vitest';
import type { AppStatus, Preferences } from '../../shared/ipc.ts';
import { preferences } from '../../shared/ipc.ts';
import { writeReport, type ReportSources } from './report.ts';
import { scrub } from './scrub.ts';

const nobody = { secrets: [], names: [] };
const key = Buffer.alloc(32, 0xd7).toString('base64');
const random = 'q8Zl3vB0xT7uYk2MfW9cR5hJ1nD4sP6gEaQiOtUyLb8=';
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

/** What must not get out, each as it could stand in a log or an error. */
const planted: Record<string, string> = {
  jwt,
  'master key': random,
  'api key': `sbx_${'0199d2f6a0407a31'.repeat(4)}_${'a7k-q2w_'.repeat(5)}abc`,
  'provider key': 'sk-ant-api03-AbCdEfGhIjKlMnOp1234567890',
  'github token': 'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  'google key': 'AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY',
  'stripe webhook secret': 'whsec_5f3b9d1c7a2e4f60',
  'refresh token': 'rt7Zk2MfW9cR5hJ1nD4sP6gEaQiOtUyLb8xV3v',
  'database address': 'postgres://signalbox_app:hunter2secret@db.internal.example:5432/signalbox',
  'address with a password': 'hunter3secret',
  'e-mail': 'ada.lovelace+ops@acme-robotics.example',
  passphrase: 'the tide turns at nine',
  'quoted passphrase': 'correct horse battery staple',
  'hex key': '3f786850e387550fdab836ed7e6dc881de23001b9c5a4d2f1e0b7a6c5d4e3f2a',
  'lease token': '0199d2f6-aaaa-bbbb-cccc-5f00ba72lease',
  'private key': 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj',
  account: 'mkellermann',
  machine: 'brightwater-desk-7',
};

const log = [
  `{"level":30,"msg":"started","authorization":"Bearer ${planted['jwt']}"}`,
  `{"level":50,"err":{"message":"connect ${planted['database address']} failed"},"masterKey":"${planted['master key']}"}`,
  `{"level":40,"passphrase":"${planted['quoted passphrase']}","msg":"for ${planted['e-mail']}"}`,
  `{"level":50,"msg":"{\\"leaseToken\\":\\"${planted['lease token']}\\",\\"title\\":\\"ok\\"}"}`,
  `Error: fetch https://user:${planted['address with a password']}@proxy.example/v1 with x-api-key: ${planted['provider key']}`,
  `    at /home/${planted['account']}/signalbox/out/main/embedded.js:12:3 on ${planted['machine']}`,
  `SIGNALBOX_MASTER_KEY=${planted['master key']} SIGNALBOX_BACKUP_PASSPHRASE="${planted['passphrase']}"`,
  `keys ${planted['api key']} ${planted['github token']} ${planted['google key']} ${planted['stripe webhook secret']}`,
  `refreshToken=${planted['refresh token']}&x=1 and bare ${planted['master key']} and ${planted['hex key']}`,
  `-----BEGIN PRIVATE KEY-----\\n${planted['private key']}\\n-----END PRIVATE KEY-----`,
  `{"level":30,"key":"${key}"}`,
];
const everything = Object.values(planted).join(' ');

const status: AppStatus = {
  connection: { id: 'computer', kind: 'embedded', name: 'This computer', accent: null },
  tray: true,
  awake: false,
  backend: { state: 'failed', title: 'It failed', message: `cannot reach ${planted['database address']}`, action: log[6]! },
  session: {
    state: 'signed_in',
    remembered: true,
    me: {
      user: { id: '1', name: 'Ada', email: planted['e-mail']! },
      organization: { id: '2', name: 'Acme', role: 'owner', createdAt: '2026-11-20T00:00:00Z' },
      organizations: [],
    },
  },
  keychain: true,
  version: '0.1.0',
  platform: 'linux',
};

const sources = (): ReportSources => ({
  at: new Date('2026-11-20T17:42:10Z'),
  status,
  versions: { signalbox: '0.1.0', electron: `45 ${log[6]}` },
  system: { platform: 'linux', node: log[4]! },
  preferences: { ...preferences.parse({}), lastPath: `/tasks?q=${planted['e-mail']}` } as Preferences,
  data: {
    folder: `/home/${planted['account']}/.config/Signalbox/workspace`,
    kinds: [{ kind: 'database', bytes: 41_000_000 }],
    kept: [{ folder: `/home/${planted['account']}/old`, at: null, bytes: 1 }],
    freeBytes: 1,
    lastBackup: { at: '2026-11-20T00:00:00Z', name: planted['e-mail']!, bytes: 1 },
  },
  database: { engine: 'PGlite 17', settings: [{ name: 'x', value: log[1] }, { name: 'password', value: 'y' }], error: log[8] },
  log,
  // What main knows is taken out wherever it is, whatever it looks like.
  known: { secrets: [planted['passphrase']!, planted['refresh token']!, 'unremarkable'], names: [planted['account']!, planted['machine']!] },
});

test('none of what was planted in any source is in the report', () => {
  const report = writeReport(sources());
  for (const [what, secret] of Object.entries(planted)) expect.soft(report.includes(secret), what).toBe(false);
  expect(report).not.toContain(key);
  expect(report).not.toContain('hunter2');
  expect(report).not.toContain('db.internal.example');
});

test.each(Object.entries(planted))('%s is taken out of a sentence of its own', (what, secret) => {
  const known = { secrets: ['the tide turns at nine', 'correct horse battery staple'], names: [planted['account']!, planted['machine']!] };
  // These have no form of their own: they are told by the name before them, or because they are known.
  const named: Record<string, string> = {
    'address with a password': `https://me:${secret}@host`,
    'lease token': `"leaseToken": "${secret}"`,
    'private key': `-----BEGIN EC PRIVATE KEY-----\n${secret}`,
    'refresh token': `refresh_token=${secret}`,
    'stripe webhook secret': secret,
  };
  expect(scrub(`It said ${named[what] ?? secret} and stopped.`, known)).not.toContain(secret);
});

test('everything at once, on one line, leaves nothing', () => {
  const known = sources().known;
  const clean = scrub(`{"err":{"message":"${everything}"},"passphrase":"correct horse battery staple"}`, known);
  for (const what of ['jwt', 'master key', 'api key', 'provider key', 'github token', 'google key', 'e-mail', 'hex key', 'passphrase', 'account']) {
    expect.soft(clean.includes(planted[what]!), what).toBe(false);
  }
});

test('what helps is still there: versions, errors, places in the code', () => {
  const report = writeReport({ ...sources(), known: nobody });
  expect(report).toContain('signalbox: 0.1.0');
  expect(report).toContain('"engine": "PGlite 17"');
  expect(report).toContain('/signalbox/out/main/embedded.js:12:3');
  expect(report).toContain('signed in as owner');
  const errors = report.slice(report.indexOf('## Last errors'), report.indexOf('## Log'));
  expect(errors).toContain('"level":50');
  expect(errors).not.toContain('"level":30');
  // Ids are no secrets, and tell rows apart.
  expect(scrub('task 0199d2f6-a040-7a31-8f0c-a00000000001 failed', nobody)).toContain('0199d2f6-a040-7a31-8f0c-a00000000001');
  expect(scrub('at buildApp (file:///opt/signalbox/backend/platform/doors/execute.ts:88:11)', nobody)).toContain('execute.ts:88:11');
});

test('a short or common name takes nothing with it', () => {
  expect(scrub('the ada compiler', { secrets: [], names: ['ada', ''] })).toBe('the ada compiler');
  // An account that is called as the product, or as half of all accounts, names nobody.
  expect(scrub('# Signalbox: node 24 of user mkellermann', { secrets: [], names: ['signalbox', 'Node', 'user', 'mkellermann'] })).toBe('# Signalbox: node 24 of user [name]');
});
