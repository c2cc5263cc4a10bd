// The list of files that make up the checkout: what git tracks and what it does not ignore.
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ask } from './process.mjs';

/** Folders that are made by commands; left out where there is no git to ask. */
const made = new Set([
  'node_modules',
  'out',
  'dist',
  'coverage',
  '.signalbox',
  '.cache',
  'test-results',
  '.git',
]);

/** Paths relative to `root`, sorted; a deleted but still tracked file is not among them. */
export function checkoutFiles(root) {
  // The checkout may belong to somebody else, as when a container mounts it.
  const env = {
    ...process.env,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
  };
  const listed = ask('git', ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    env,
  });
  const names = listed === undefined ? walk(root, '') : listed.split('\0').filter((name) => name.length > 0);
  return [...new Set(names)].filter((name) => isFile(path.join(root, name))).sort();
}

function walk(root, below) {
  return readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    if (below === '' && made.has(entry.name)) return [];
    return entry.isDirectory() ? walk(root, name) : [name];
  });
}

function isFile(file) {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found !== undefined && (found.isFile() || found.isSymbolicLink());
}

/** A mark for each file that changes when the file does: `{ name: "size mtime mode" }`. */
export function marks(root, names) {
  const entries = names.map((name) => {
    const found = lstatSync(path.join(root, name), { throwIfNoEntry: false });
    return [name, found === undefined ? 'gone' : `${found.size} ${found.mtimeMs} ${found.mode}`];
  });
  return Object.fromEntries(entries);
}

/** What differs between two sets of marks: files to send again, and files to delete. */
export function difference(before, after) {
  const changed = Object.keys(after).filter((name) => before[name] !== after[name]);
  const gone = Object.keys(before).filter((name) => !(name in after));
  return { changed, gone };
}
