// The short form of `npm run prove -- frozen`: what a worker reports after its lease has gone to another is refused.
import { describe, expect, inject, it } from 'vitest';
import { frozenHeld, frozenRounds } from './testing/frozen.ts';
import { onEmbedded, postgresVariables } from './testing/stores.ts';

const short = { rounds: 1, held: 12 };

describe('a worker that is stopped past its lease', () => {
  it('has its late completions refused on the embedded database', async () => {
    const report = await onEmbedded((env) => frozenRounds({ env, nodes: 1, ...short }));
    expect(frozenHeld(report), JSON.stringify(report)).toBe(true);
  }, 120_000);

  it('has its late completions refused on PostgreSQL, by another node', async () => {
    const env = await postgresVariables(inject('postgresUrl'));
    const report = await frozenRounds({ env, nodes: 2, ...short });
    expect(frozenHeld(report), JSON.stringify(report)).toBe(true);
  }, 120_000);
});
