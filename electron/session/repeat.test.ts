import { expect, test } from 'vitest';
import { AppError, toProblem } from '../../shared/errors.ts';
import type { RpcRequest, RpcResponse } from '../../shared/ipc.ts';
import { createRepeatKeys } from './repeat.ts';

const change = (title: string): RpcRequest => ({ path: 'tasks.create', type: 'mutation', input: { title } });
const problem = (inDoubt: boolean, code: 'unavailable' | 'conflict' = 'unavailable'): RpcResponse => ({
  ok: false,
  problem: toProblem(new AppError(code, 'x', { details: inDoubt ? { inDoubt } : {} })),
});
const done: RpcResponse = { ok: true, data: {} };

function setUp() {
  const time = { now: 0 };
  const keys = createRepeatKeys(() => time.now);
  const send = (request: RpcRequest, response: RpcResponse) => {
    const key = keys.take(request);
    keys.settle(request, key, response);
    return key;
  };
  return { keys, send, time };
}

test('a change in doubt keeps its key until it is known what became of it', () => {
  const { send } = setUp();
  const first = send(change('a'), problem(true));
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  // Refused before it was sent: the doubt about the first remains.
  expect(send(change('a'), problem(false))).toBe(first);
  expect(send(change('a'), problem(true))).toBe(first);
  expect(send(change('a'), done)).toBe(first);
  expect(send(change('a'), done)).not.toBe(first);
});

test('another change, and one that was answered, go under keys of their own; a query needs none', () => {
  const { send, keys } = setUp();
  const first = send(change('a'), problem(true));
  expect(send(change('b'), done)).not.toBe(first);
  expect(send(change('a'), problem(false, 'conflict'))).toBe(first);
  expect(send(change('a'), done)).not.toBe(first);
  expect(keys.take({ path: 'tasks.list', type: 'query', input: {} })).toBeNull();
});

test('a doubt ends with the day, and when somebody else signs in', () => {
  const { send, keys, time } = setUp();
  const first = send(change('a'), problem(true));
  time.now = 24 * 3_600_000;
  expect(send(change('a'), problem(true))).not.toBe(first);
  const second = send(change('a'), problem(true));
  keys.clear();
  expect(keys.take(change('a'))).not.toBe(second);
});
