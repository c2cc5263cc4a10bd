// What goes from root to the unprivileged user: files, folders and environment.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { difference, marks } from './files.mjs';
import { copyName } from './root.mjs';
import { isSource } from './sources.mjs';
import { cleanEnvironment } from './user.mjs';

describe('the environment of the user', () => {
  test('keeps what concerns the run and npm, and leaves out paths and secrets of root', () => {
    const env = {
      CI: 'true',
      HOME: '/root',
      XDG_RUNTIME_DIR: '/run/user/0',
      DATABASE_URL: 'postgres://production',
      SIGNALBOX_MASTER_KEY: 'secret',
      SIGNALBOX_OWNER_DATABASE_URL: 'postgres://production',
      SIGNALBOX_METRICS_TOKEN: 'secret',
      SIGNALBOX_DATA_DIR: '/root/data',
      SIGNALBOX_LEASE_SECONDS: '5',
      STRIPE_SECRET_KEY: 'secret',
      npm_config_registry: 'https://packages.example',
      npm_config_cache: '/root/.npm',
      npm_config_userconfig: '/root/.npmrc',
      NPM_CONFIG_CAFILE: '/etc/ca.pem',
      NODE_OPTIONS: '--require /root/x.cjs',
    };
    expect(cleanEnvironment(env)).toEqual({
      CI: 'true',
      SIGNALBOX_LEASE_SECONDS: '5',
      npm_config_registry: 'https://packages.example',
      NPM_CONFIG_CAFILE: '/etc/ca.pem',
    });
  });
});

describe('the copy', () => {
  let made;
  afterEach(() => rmSync(made, { recursive: true, force: true }));

  test('is told which files changed and which are gone', () => {
    made = mkdtempSync(path.join(os.tmpdir(), 'signalbox-files-'));
    const write = (name, text) => writeFileSync(path.join(made, name), text);
    write('same', 'a');
    write('edited', 'a');
    write('deleted', 'a');
    const before = marks(made, ['same', 'edited', 'deleted']);
    write('edited', 'longer');
    write('new', 'a');
    expect(difference(before, marks(made, ['same', 'edited', 'new']))).toEqual({
      changed: ['edited', 'new'],
      gone: ['deleted'],
    });
  });
});

test('two checkouts of one name have copies of their own', () => {
  expect(copyName('/a/signalbox')).toMatch(/^signalbox-[0-9a-f]{8}$/);
  expect(copyName('/a/signalbox')).not.toBe(copyName('/b/signalbox'));
  expect(copyName('/a/my folder;x')).toMatch(/^my_folder_x-[0-9a-f]{8}$/);
});

test('the app is rebuilt for its sources and settings, not for tests or prose', () => {
  const rebuilt = [
    'electron/main.ts',
    'renderer\\app\\app.tsx',
    'package.json',
    'tsconfig.json',
    'electron.vite.config.ts',
  ];
  const ignored = [
    'docs/glossary.md',
    'shared/task.test.ts',
    'e2e/app.spec.ts',
    'build/bootstrap.mjs',
    'package.json.md',
  ];
  expect(rebuilt.filter((name) => !isSource(name))).toEqual([]);
  expect(ignored.filter(isSource)).toEqual([]);
});
