// The commands `backup` and `restore` as an operator runs them: what they say, what they refuse, and that a backend
// runs on what was restored.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApi } from '../testing/backend.ts';
import { spawnBackend } from '../testing/process.ts';

const PASSPHRASE = 'the tide turns at nine';
const account = { organizationName: 'Kept', name: 'Owner', email: 'owner@example.com', password: 'correct horse battery' };
let folder: string;
let dataDir: string;
let file: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-cli-'));
  dataDir = join(folder, 'data');
  file = join(folder, 'kept.signalbox-backup');
});
afterAll(async () => {
  for (const child of running) if (child.exitCode === null) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start() {
  const backend = spawnBackend({ PORT: '0', SIGNALBOX_DATA_DIR: dataDir });
  running.push(backend.child);
  return backend;
}

interface Ran {
  code: number | null;
  said: string;
}
/** `passphrase` is its standard input. */
async function command(args: string[], passphrase = ''): Promise<Ran> {
  const script = join(import.meta.dirname, 'signalbox.ts');
  const { DATABASE_URL: _url, ...env } = process.env;
  const child = spawn(process.execPath, [script, ...args], { env, stdio: 'pipe' });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end(`${passphrase}\n`);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

it('a workspace is backed up, lost, and there again with its key and its people', async () => {
  const first = start();
  await createApi(await first.listening, '').do('auth.register', account);
  const busy = await command(['backup', file, '--data-dir', dataDir], PASSPHRASE);
  expect(busy).toMatchObject({ code: 1 });
  expect(busy.said).toContain('is in use');
  first.child.kill('SIGTERM');
  await once(first.child, 'exit');

  const short = await command(['backup', file, '--data-dir', dataDir], 'short');
  expect(short.code).toBe(1);
  expect(short.said).toContain('at least 10 characters');
  const made = await command(['backup', file, '--data-dir', dataDir], PASSPHRASE);
  expect(made).toMatchObject({ code: 0 });
  expect(made.said).toContain(`Backup verified: ${file}`);
  expect(made.said).toContain('Kept: 1 agents');
  const again = await command(['backup', file, '--data-dir', dataDir], PASSPHRASE);
  expect(again.said).toContain('is there already');
  const key = await readFile(join(dataDir, 'master.key'), 'utf8');

  // All of it is lost.
  await rm(dataDir, { recursive: true });
  await writeFile(join(folder, 'foreign'), 'a letter');
  expect((await command(['restore', join(folder, 'foreign'), '--data-dir', dataDir], PASSPHRASE)).said).toContain('not a Signalbox backup');
  const wrong = await command(['restore', file, '--data-dir', dataDir, '--yes'], 'not this one at all');
  expect(wrong).toMatchObject({ code: 1 });
  expect(wrong.said).toContain('does not open this backup');
  const asked = await command(['restore', file, '--data-dir', dataDir], PASSPHRASE);
  expect(asked).toMatchObject({ code: 1 });
  expect(asked.said).toContain('--yes');
  expect(await readdir(folder)).not.toContain('data');

  const restored = await command(['restore', file, '--data-dir', dataDir, '--yes'], PASSPHRASE);
  expect(restored).toMatchObject({ code: 0 });
  expect(await readFile(join(dataDir, 'master.key'), 'utf8')).toBe(key);
  expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
  for (const { said } of [made, wrong, asked, restored]) {
    expect(said).not.toContain(PASSPHRASE);
    expect(said).not.toContain(key.trim());
  }

  const second = start();
  const session = (await createApi(await second.listening, '').do('auth.login', account)) as { organization: { name: string } };
  expect(session.organization.name).toBe('Kept');
  second.child.kill('SIGTERM');
  await once(second.child, 'exit');
}, 300_000);
