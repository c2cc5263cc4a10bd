// The short form of `npm run prove -- crash`: a killed backend loses nothing and completes nothing twice.
import { describe, expect, inject, it } from 'vitest';
import { seededRandom } from './providers/index.ts';
import { crashRounds, crashVerdict } from './testing/crash.ts';
import { onEmbedded, postgresVariables } from './testing/stores.ts';

const short = { kills: 3, tasks: 160, chained: 40, concurrency: 2, lastConcurrency: 5, typicalSeconds: 1, patienceSeconds: 100 };

// At once: most of the time they wait for leases and for work to end.
describe.concurrent('backends that are killed in the middle of the work', () => {
  it('finish it on the embedded database', async () => {
    const report = await onEmbedded((env) => crashRounds({ env, nodes: 1, ...short, random: seededRandom('short') }));
    expect(crashVerdict(report), JSON.stringify(report)).toBe('held');
  }, 240_000);

  it('finish it on PostgreSQL, two at once', async () => {
    const env = await postgresVariables(inject('postgresUrl'));
    const report = await crashRounds({ env, nodes: 2, ...short, random: seededRandom('short') });
    expect(crashVerdict(report), JSON.stringify(report)).toBe('held');
  }, 240_000);
});
