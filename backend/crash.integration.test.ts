// The short form of `npm run prove -- crash`: a killed backend loses nothing and completes nothing twice.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createPostgresUrls } from './platform/testing/database.ts';
import { seededRandom } from './providers/index.ts';
import { crashRounds, type CrashReport } from './testing/crash.ts';

const KILLS = 3;

function expectHeld(report: CrashReport): void {
  expect(report).toMatchObject({ lost: 0, completedTwice: 0, succeeded: report.tasks });
  expect(report.killsWhileRunning).toBeGreaterThan(0);
}

describe('a backend that is killed in the middle of a plan', () => {
  it('finishes the plan on its embedded database', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-crash-'));
    try {
      expectHeld(await crashRounds({ env: { SIGNALBOX_DATA_DIR: join(folder, 'data') }, kills: KILLS, tasks: 40, random: seededRandom('short') }));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 240_000);

  it('finishes the plan on PostgreSQL', async () => {
    const urls = await createPostgresUrls(inject('postgresUrl'));
    const env = { DATABASE_URL: urls.app, SIGNALBOX_OWNER_DATABASE_URL: urls.owner, SIGNALBOX_MASTER_KEY: randomBytes(32).toString('base64') };
    expectHeld(await crashRounds({ env, kills: KILLS, tasks: 40, random: seededRandom('short') }));
  }, 240_000);
});
