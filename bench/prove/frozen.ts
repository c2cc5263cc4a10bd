// Proof: a worker that was stopped past its lease, and whose work another has taken over, has all of its late
// completions refused; and what it held was claimed again within the lease and five seconds.
//   npm run prove -- frozen [rounds] [tasks a round]
import { frozenHeld, frozenRounds, type FrozenOptions } from '../../backend/testing/frozen.ts';
import { onEmbedded, onPostgres } from '../../backend/testing/stores.ts';
import { verdict } from '../verdict.ts';

const [rounds, held] = [20, 25].map((usual, index) => Number(process.argv[index + 2] ?? usual)) as [number, number];
const RECLAIM_SECONDS = 5;

async function prove(name: string, options: Omit<FrozenOptions, 'rounds' | 'held'>): Promise<boolean> {
  const report = await frozenRounds({ ...options, rounds, held });
  const good = frozenHeld(report) && report.reclaimed.max <= RECLAIM_SECONDS;
  console.log(`${name}: ${good ? 'held' : 'BROKEN'}, ${report.late['lease_lost'] ?? 0} of ${report.tasks} late completions refused ${JSON.stringify(report)}`);
  return good;
}

const all = [
  await onPostgres((env) => prove('PostgreSQL, two nodes', { env, nodes: 2 })),
  await onEmbedded((env) => prove('embedded', { env, nodes: 1 })),
];
verdict(all);
