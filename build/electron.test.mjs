// Nothing is unpacked without the expected integrity, and a dead download page is not asked each time.
import { rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { electronEnvironment, integrityOf, shouldTryDownload } from './electron.mjs';

test('integrity is written as npm writes it', async () => {
  const file = path.join(os.tmpdir(), `signalbox-integrity-${process.pid}`);
  writeFileSync(file, 'abc');
  // The SHA-512 of "abc" from FIPS 180-2, in base64.
  expect(await integrityOf(file)).toBe(
    'sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==',
  );
  rmSync(file);
});

test('a failed download is tried again after a day or for another version', () => {
  const hour = 3600_000;
  const failure = { version: '45.4.1', at: 100 * hour };
  expect(shouldTryDownload(undefined, '45.4.1', 100 * hour)).toBe(true);
  expect(shouldTryDownload(failure, '45.4.1', 101 * hour)).toBe(false);
  expect(shouldTryDownload(failure, '45.4.1', 125 * hour)).toBe(true);
  expect(shouldTryDownload(failure, '46.0.0', 101 * hour)).toBe(true);
});

test('only the stock build overrides where Electron is looked for', () => {
  const place = { binary: '/e/electron', dist: '/e' };
  expect(electronEnvironment({ ...place, official: true })).toEqual({ ELECTRON_EXEC_PATH: '/e/electron' });
  expect(electronEnvironment({ ...place, official: false })).toEqual({
    ELECTRON_EXEC_PATH: '/e/electron',
    ELECTRON_OVERRIDE_DIST_PATH: '/e',
  });
});
