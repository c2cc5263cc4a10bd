// The data folder of an embedded backend, and the database in it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMasterKey, openDataFolder, readMasterKey } from './data-folder.ts';

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'signalbox-folder-'));
});
afterEach(async () => {
  await chmod(path, 0o700);
  await rm(path, { recursive: true, force: true });
});

describe('the data folder', () => {
  it('is taken by one at a time, and the second is told by whom', async () => {
    const first = await openDataFolder(join(path, 'data'));
    await expect(openDataFolder(join(path, 'data'))).rejects.toThrow(`in use by process ${process.pid}`);
    await first.release();
    await (await openDataFolder(join(path, 'data'))).release();
  });

  it('is free again as soon as its process is killed', async () => {
    const module = JSON.stringify(join(import.meta.dirname, 'data-folder.ts'));
    const script = `const { openDataFolder } = await import(${module}); await openDataFolder(${JSON.stringify(path)});
      console.log('taken'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    await expect(openDataFolder(path)).rejects.toMatchObject({ details: { reason: 'data_folder_in_use' } });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await (await openDataFolder(path)).release();
  });

  it('says so when it is a file, or cannot be written', async () => {
    await writeFile(join(path, 'file'), '');
    await expect(openDataFolder(join(path, 'file'))).rejects.toThrow('It is a file');
    await expect(openDataFolder(join(path, 'file/below'))).rejects.toMatchObject({
      details: { reason: 'data_folder_unusable' },
    });
  });

  it.runIf((process.getuid?.() ?? 0) !== 0)('says so when its permissions are too narrow', async () => {
    await chmod(path, 0o500);
    await expect(openDataFolder(path)).rejects.toThrow('permissions');
  });
});

describe('the master key of the folder', () => {
  it('is made once, for nobody else to read', async () => {
    const folder = await openDataFolder(path);
    const key = await readMasterKey(folder);
    expect(await readMasterKey(folder)).toEqual(key);
    expect((await stat(join(path, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(path, 'master.key'), 'utf8')).toBe(`${key.toString('base64')}\n`);
    await folder.release();
  });

  it('is never replaced when it cannot be read', async () => {
    const folder = await openDataFolder(path);
    await writeFile(join(path, 'master.key'), 'broken');
    await expect(readMasterKey(folder)).rejects.toThrow('32 bytes');
    expect(await readFile(join(path, 'master.key'), 'utf8')).toBe('broken');
    await folder.release();
  });

  it('is that of the desktop app where the folder is its, and none is made beside it', async () => {
    const folder = await openDataFolder(path);
    expect(await findMasterKey(path)).toBeUndefined();
    const value = Buffer.alloc(32, 9).toString('base64');
    await writeFile(join(path, 'master-key.json'), JSON.stringify({ version: 1, storage: 'file', value }));
    expect(await readMasterKey(folder)).toEqual(Buffer.alloc(32, 9));
    await writeFile(join(path, 'master-key.json'), JSON.stringify({ version: 1, storage: 'keychain', value: 'sealed' }));
    await expect(readMasterKey(folder)).rejects.toMatchObject({ details: { reason: 'key_in_keychain' } });
    expect(await readdir(path)).not.toContain('master.key');
    await folder.release();
  });
});
