// Proof: backends that are killed again and again in the middle of the work lose nothing and complete nothing twice:
// two nodes over one PostgreSQL, and the one node of an embedded database. "BROKEN": lost, or completed twice. "Not
// finished" (nothing succeeded for five minutes, as on a machine that is too busy) fails too, and says why.
//   npm run prove -- crash [kills on PostgreSQL] [kills embedded] [tasks]
import { seededRandom } from '../../backend/providers/index.ts';
import { crashRounds, crashVerdict, type CrashOptions } from '../../backend/testing/crash.ts';
import { onEmbedded, onPostgres } from '../../backend/testing/stores.ts';
import { verdict } from '../verdict.ts';

const [kills, embeddedKills, tasks] = [50, 10, 5_000].map((usual, index) => Number(process.argv[index + 2] ?? usual)) as [
  number,
  number,
  number,
];

async function rounds(name: string, options: Omit<CrashOptions, 'random'>): Promise<boolean> {
  const report = await crashRounds({ ...options, random: seededRandom(name) }, (line) => console.log(`${name}: ${line}`));
  const found = crashVerdict(report);
  console.log(`${name}: ${found}${report.gaveUp === null ? '' : ` (${report.gaveUp})`} ${JSON.stringify(report)}`);
  return found === 'held';
}

const load = { tasks, chained: Math.round(tasks / 10), concurrency: 5, typicalSeconds: 1, patienceSeconds: 300 };
const held = [
  await onPostgres((env) => rounds('PostgreSQL', { env, nodes: 2, kills, lastConcurrency: 50, ...load })),
  await onEmbedded((env) => {
    const own = { env, nodes: 1, kills: embeddedKills, lastConcurrency: 10, tasks: Math.round(tasks / 5) };
    return rounds('embedded', { ...load, ...own });
  }),
];
verdict(held);
