// Unit tests share a process and its modules, file after file (vitest.config.ts): what one leaves behind fails it.
import { afterAll, expect, vi } from 'vitest';

const stateOf = () => ({
  'timers that are not real': vi.isFakeTimers(),
  'variables of the environment': { ...process.env },
  'listeners of the process': process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
  'the working folder': process.cwd(),
});

const before = stateOf();
afterAll(() => expect(stateOf(), 'what this file leaves to the next').toEqual(before));
