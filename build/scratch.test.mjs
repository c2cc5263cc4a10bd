// The folder in memory for a run's temporary files: where there is room, gone at the end, and after a kill.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScratch } from './scratch.mjs';

let parent;
beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'signalbox-scratch-'));
});
afterEach(() => {
  chmodSync(parent, 0o700);
  rmSync(parent, { recursive: true, force: true });
});

describe('the folder for temporary files', () => {
  it('is made where there is room, and removed', () => {
    const scratch = openScratch({ parent, room: 1 });
    expect(path.dirname(scratch.folder)).toBe(parent);
    expect(readdirSync(scratch.folder)).toEqual([]);
    scratch.remove();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is not made where there is too little room, or no such place', () => {
    expect(openScratch({ parent, room: Number.MAX_SAFE_INTEGER })).toBeUndefined();
    expect(openScratch({ parent: path.join(parent, 'none'), room: 1 })).toBeUndefined();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('removes what killed runs have left, and nothing else', () => {
    // No process has this number: it is above Linux's highest.
    const left = path.join(parent, 'signalbox-tests-99999999-a');
    const others = ['signalbox-tests-notes', `signalbox-tests-${process.pid}-b`, 'something'];
    for (const name of [left, ...others.map((other) => path.join(parent, other))]) mkdirSync(name);
    openScratch({ parent, room: 1 }).remove();
    expect(existsSync(left)).toBe(false);
    expect(readdirSync(parent).toSorted()).toEqual(others.toSorted());
  });
});
