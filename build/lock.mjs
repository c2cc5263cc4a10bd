// One command of a checkout at a time at a step that two must not do at once.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { say } from './output.mjs';
import { cache, folder } from './paths.mjs';

/** Runs `work` while no other command of this checkout runs work of the same name. */
export async function withLock(name, work) {
  const lock = path.join(folder(cache), `${name}.lock`);
  const owner = path.join(lock, 'pid');
  let told = false;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!existsSync(owner) || !isAlive(Number(readFileSync(owner, 'utf8')))) {
      // Its owner was killed, or is between making the folder and signing it: look once more, then take over.
      await pause(500);
      if (!existsSync(owner) || !isAlive(Number(readFileSync(owner, 'utf8')))) {
        rmSync(lock, { recursive: true, force: true });
      }
      continue;
    }
    if (!told) say(`Another command of this checkout is at the same step (${name}); waiting for it.`);
    told = true;
    await pause(500);
  }
  writeFileSync(owner, String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
