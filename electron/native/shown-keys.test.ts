import { expect, test, vi } from 'vitest';
import { createShownKeys } from './shown-keys.ts';

function setup() {
  let answer: (yes: boolean) => void = () => undefined;
  const ask = vi.fn(() => new Promise<boolean>((resolve) => (answer = resolve)));
  const windows = [{ close: vi.fn() }, { close: vi.fn() }] as const;
  const keys = createShownKeys<{ close: () => void }>(ask);
  return { ask, keys, windows, answer: (yes: boolean) => answer(yes) };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('a window with a key closes only when the person says so, and is asked about once at a time', async () => {
  const { ask, keys, windows: [one, other], answer } = setup();
  keys.show(one, true);
  expect(keys.mayClose(other)).toBe(true);
  expect(keys.mayClose(one)).toBe(false);
  expect(keys.mayClose(one)).toBe(false);
  expect(ask).toHaveBeenCalledExactlyOnceWith(one);
  answer(false);
  await settled();
  expect(one.close).not.toHaveBeenCalled();
  expect(keys.any()).toBe(true);
  expect(keys.mayClose(one)).toBe(false);
  answer(true);
  await settled();
  expect(one.close).toHaveBeenCalledOnce();
  expect(keys.mayClose(one)).toBe(true);
});

test('copied meanwhile, or gone with its page, it is asked about no more', () => {
  const { ask, keys, windows: [one] } = setup();
  keys.show(one, true);
  keys.show(one, false);
  expect([keys.mayClose(one), keys.any()]).toEqual([true, false]);
  expect(ask).not.toHaveBeenCalled();
});

test('the app quits when every window with a key may go, and not when one is to stay', async () => {
  const { ask, keys, windows: [one, other], answer } = setup();
  keys.show(one, true);
  keys.show(other, true);
  const refused = keys.mayQuit();
  answer(true);
  await settled();
  answer(false);
  expect(await refused).toBe(false);
  expect(ask.mock.calls).toEqual([[one], [other]]);
  const allowed = keys.mayQuit();
  answer(true);
  expect(await allowed).toBe(true);
});
