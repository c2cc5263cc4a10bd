// Where the tests' data folders are: in memory where there is room, as a disk's journal took a third of their time.
import { accessSync, chmodSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const memory = '/dev/shm';
/** Several times what the tests that run at one time have used. */
const ROOM = 4 * 1024 ** 3;
const prefix = 'signalbox-tests-';

/**
 * A folder for the temporary files of one run, and how to remove it; undefined where there is no memory for it (a
 * container often has 64 MB), or programs may not run there: the tests are then where temporary files are anyway.
 * @param {{ parent?: string, room?: number }} place
 * @returns {{ folder: string, remove: () => void } | undefined}
 */
export function openScratch({ parent = memory, room = ROOM } = {}) {
  if (!hasRoom(parent, room)) return undefined;
  removeLeft(parent);
  const folder = mkdtempSync(path.join(parent, `${prefix}${process.pid}-`));
  const remove = () => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  if (!runsPrograms(folder)) {
    remove();
    return undefined;
  }
  process.on('exit', remove);
  return { folder, remove };
}

function hasRoom(parent, room) {
  try {
    accessSync(parent, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(parent);
    return bavail * bsize >= room && process.availableMemory() >= room;
  } catch {
    return false;
  }
}

/** Such a file system may be mounted `noexec`; some tests put a program of their own there. */
function runsPrograms(folder) {
  const program = path.join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\nexit 0\n');
  chmodSync(program, 0o755);
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}

/** Of runs that were killed: it is memory, which nothing else would give back. */
function removeLeft(parent) {
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || runs(Number(pid))) continue;
    try {
      rmSync(path.join(parent, name), { recursive: true, force: true });
    } catch {
      // Somebody else's.
    }
  }
}

function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
