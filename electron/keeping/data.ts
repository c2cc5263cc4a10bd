// What of Signalbox lies on this computer: the data folder by kind, and what restores have put aside.
import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { lastBackup } from '../../shared/backup.ts';
import type { DataInfo } from '../../shared/keeping.ts';

/** Bytes of all files below; what goes away while it is counted counts nothing. */
async function bytesBelow(path: string): Promise<number> {
  const facts = await stat(path).catch(() => null);
  if (facts === null) return 0;
  if (!facts.isDirectory()) return facts.size;
  let bytes = 0;
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) bytes += await bytesBelow(inner);
    else if (entry.isFile()) bytes += await stat(inner).then(({ size }) => size, () => 0);
  }
  return bytes;
}

/** `…before-restore-2026-11-20-174210` is of that time, in UTC. */
function timeOf(name: string): string | null {
  const found = /before-restore-(\d{4}-\d\d-\d\d)-(\d\d)(\d\d)(\d\d)/.exec(name);
  return found === null ? null : `${found[1]}T${found[2]}:${found[3]}:${found[4]}Z`;
}

async function readKept(dataDir: string): Promise<DataInfo['kept']> {
  const parent = dirname(dataDir);
  const prefix = `${basename(dataDir)}.before-restore-`;
  const names = await readdir(parent).catch(() => []);
  const kept: DataInfo['kept'] = [];
  for (const name of names.filter((one) => one.startsWith(prefix)).toSorted().toReversed()) {
    kept.push({ folder: join(parent, name), at: timeOf(name), bytes: await bytesBelow(join(parent, name)) });
  }
  return kept;
}

async function readLastBackup(dataDir: string): Promise<DataInfo['lastBackup']> {
  try {
    return lastBackup.parse(JSON.parse(await readFile(join(dataDir, 'last-backup.json'), 'utf8')));
  } catch {
    return null;
  }
}

export async function readDataInfo(dataDir: string, logs: string): Promise<DataInfo> {
  const kept = await readKept(dataDir);
  const database = await bytesBelow(join(dataDir, 'database'));
  const disk = await statfs(dataDir).catch(() => null);
  return {
    folder: dataDir,
    kinds: [
      { kind: 'database', bytes: database },
      { kind: 'logs', bytes: await bytesBelow(logs) },
      { kind: 'kept', bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) },
      { kind: 'other', bytes: Math.max(0, (await bytesBelow(dataDir)) - database) },
    ],
    kept,
    freeBytes: disk === null ? null : disk.bavail * disk.bsize,
    lastBackup: await readLastBackup(dataDir),
  };
}
