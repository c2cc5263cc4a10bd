// Proof: a backend that is killed again and again in the middle of a plan loses nothing and completes nothing twice.
//   npm run prove -- crash [kills]
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresUrls } from '../../backend/platform/testing/database.ts';
import { startPostgres } from '../../backend/platform/testing/postgres.ts';
import { seededRandom } from '../../backend/providers/index.ts';
import { crashRounds, type CrashReport } from '../../backend/testing/crash.ts';

const kills = Number(process.argv[2] ?? 10);
const TASKS = 120;

function judge(name: string, report: CrashReport): boolean {
  const held = report.lost === 0 && report.completedTwice === 0 && report.succeeded === report.tasks && report.killsWhileRunning > 0;
  console.log(`${name}: ${held ? 'held' : 'BROKEN'} ${JSON.stringify(report)}`);
  return held;
}

async function onEmbedded(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-crash-'));
  try {
    const report = await crashRounds({ env: { SIGNALBOX_DATA_DIR: join(folder, 'data') }, kills, tasks: TASKS, random: seededRandom('embedded') });
    return judge('embedded', report);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onPostgres(): Promise<boolean> {
  const cluster = await startPostgres();
  try {
    const urls = await createPostgresUrls(cluster.url);
    const env = {
      DATABASE_URL: urls.app,
      SIGNALBOX_OWNER_DATABASE_URL: urls.owner,
      SIGNALBOX_MASTER_KEY: randomBytes(32).toString('base64'),
    };
    return judge('PostgreSQL', await crashRounds({ env, kills, tasks: TASKS, random: seededRandom('postgres') }));
  } finally {
    await cluster.stop();
  }
}

const held = [await onEmbedded(), await onPostgres()];
process.exitCode = held.every(Boolean) ? 0 : 1;
