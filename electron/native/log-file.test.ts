import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogFile } from './log-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signalbox-log-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('never takes more than its files may, and its tail is what was written last', async () => {
  const log = createLogFile({ directory, most: 1_000, files: 3 });
  for (let number = 0; number < 400; number += 1) {
    log.take(`line ${number}\n`);
    if (number % 10 === 9) await log.flush();
  }
  await log.flush();
  const names = readdirSync(directory).toSorted();
  expect(names).toEqual(['signalbox.1.log', 'signalbox.2.log', 'signalbox.log']);
  for (const name of names) expect(statSync(join(directory, name)).size).toBeLessThanOrEqual(1_000);
  expect(await log.tail(150)).toEqual(Array.from({ length: 150 }, (_, index) => `line ${index + 250}`));
});

test('a line of the console is dated and told apart; a folder that cannot be written stops nothing', async () => {
  const now = () => new Date('2026-11-20T17:42:10Z');
  const log = createLogFile({ directory: join(directory, 'logs'), now });
  log.note('error', 'The window is gone.');
  expect(await log.tail(10)).toEqual(['{"level":50,"time":"2026-11-20T17:42:10.000Z","from":"console","msg":"The window is gone."}']);
  writeFileSync(join(directory, 'file'), '');
  const nowhere = createLogFile({ directory: join(directory, 'file') });
  nowhere.take('lost\n');
  expect(await nowhere.tail(10)).toEqual([]);
});
