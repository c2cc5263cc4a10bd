// One command at a time at a step, and a lock whose owner was killed holds nobody up.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { withLock } from './lock.mjs';
import { cache } from './paths.mjs';

const name = `test-${process.pid}`;
const lock = path.join(cache, `${name}.lock`);

afterEach(() => rmSync(lock, { recursive: true, force: true }));

test('work under one lock does not overlap, also when some of it fails', async () => {
  const order = [];
  const work = (label, fails) => async () => {
    order.push(`${label} begins`);
    await new Promise(setImmediate);
    order.push(`${label} ends`);
    if (fails) throw new Error(label);
  };
  const first = withLock(name, work('first', true));
  const second = withLock(name, work('second', false));
  await expect(first).rejects.toThrow('first');
  await second;
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  expect(existsSync(lock)).toBe(false);
});

test('the lock of a process that is gone is taken over', async () => {
  const gone = spawnSync(process.execPath, ['--version']).pid;
  mkdirSync(lock, { recursive: true });
  writeFileSync(path.join(lock, 'pid'), String(gone));
  expect(await withLock(name, async () => 'done')).toBe('done');
});
