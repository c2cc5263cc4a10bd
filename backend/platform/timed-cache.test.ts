import { describe, expect, it } from 'vitest';
import { createTimedCache } from './timed-cache.ts';

function open() {
  let now = 0;
  let loads = 0;
  const cache = createTimedCache<number>(2_000, () => now);
  return { cache, load: async () => (loads += 1), wait: (milliseconds: number) => (now += milliseconds) };
}

describe('a timed cache', () => {
  it('loads once within its time, and anew after it or after a drop', async () => {
    const { cache, load, wait } = open();
    expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([1, 1]);
    wait(1_999);
    expect(await cache.get('a', load)).toBe(1);
    wait(1);
    expect(await cache.get('a', load)).toBe(2);
    cache.drop('a');
    expect(await cache.get('a', load)).toBe(3);
  });

  it('does not keep a failure', async () => {
    const { cache, load } = open();
    await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await cache.get('a', load)).toBe(1);
  });

  it('forgets the oldest when it is full', async () => {
    const { cache, load } = open();
    for (let index = 0; index <= 10_000; index += 1) await cache.get(String(index), load);
    expect(await cache.get('10000', load)).toBe(10_001);
    expect(await cache.get('0', load)).toBe(10_002);
  });
});
