import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

// /dev/full is a file on which every write fails as on a full disk; Linux alone has it.
it.runIf(process.platform === 'linux')('a log that cannot be written ends nothing', async () => {
  const module = JSON.stringify(join(import.meta.dirname, 'log.ts'));
  const script = `const { createLog } = await import(${module}); const log = createLog('info');
    for (let line = 0; line < 1000; line += 1) log.info({ line }, 'lost'); setTimeout(() => console.log('still here'), 50);`;
  const full = await open('/dev/full', 'w');
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', full.fd] });
  let said = '';
  child.stdout!.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, 'close')) as [number];
  await full.close();
  expect([code, said]).toEqual([0, 'still here\n']);
});
