// Where things are in the checkout, and what this machine is.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Everything the commands keep for themselves; ignored by git. */
export const cache = path.join(root, '.cache');
export const resultsFolder = path.join(cache, 'results');
export const screenshotFile = path.join(cache, 'screenshot.png');

export const isLinux = process.platform === 'linux';
export const isRoot = isLinux && process.getuid?.() === 0;
export const hasDisplay = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Makes a folder (and those above it) and answers its path. */
export function folder(...parts) {
  const made = path.join(...parts);
  mkdirSync(made, { recursive: true });
  return made;
}

/** Reads a JSON file; undefined when it is not there or broken, as a stamp left by a killed run may be. */
export function readJson(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
