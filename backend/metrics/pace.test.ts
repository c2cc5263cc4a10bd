// How often the live sample is read: as often as asked while it is cheap, and less when it is not.
import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

function setup(tookMs: number) {
  let now = 0;
  let asked = 0;
  const pace = createPace<number>({ now: () => new Date(now) });
  const ask = () =>
    pace('tenant', () => {
      now += tookMs;
      asked += 1;
      return Promise.resolve(asked);
    });
  return { pace, ask, pass: (ms: number) => void (now += ms), asked: () => asked };
}

it('asks each second while an answer takes milliseconds', async () => {
  const { ask, pass, asked } = setup(5);
  for (let second = 0; second < 10; second += 1) {
    await ask();
    pass(1_000);
  }
  expect(asked()).toBe(10);
});

it('rests for twenty times what an answer took, with the last one in between', async () => {
  const { ask, pass, asked } = setup(400);
  const answers: number[] = [];
  for (let second = 0; second < 24; second += 1) {
    answers.push(await ask());
    pass(1_000);
  }
  expect(asked()).toBeLessThanOrEqual(4);
  expect(answers.slice(0, 5)).toEqual([1, 1, 1, 1, 1]);
});

it('asks once for all who ask meanwhile, and anew after a failure', async () => {
  const { pace } = setup(0);
  let asked = 0;
  const failing = () => {
    asked += 1;
    return Promise.reject(new Error('away'));
  };
  const both = await Promise.allSettled([pace('a', failing), pace('a', failing)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(asked).toBe(1);
  await expect(pace('a', () => Promise.resolve(7))).resolves.toBe(7);
});
