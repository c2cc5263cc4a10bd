// Builds the desktop app when its sources have changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { checkoutFiles } from './files.mjs';
import { CommandError, say, seconds } from './output.mjs';
import { cache, folder, root } from './paths.mjs';
import { run } from './process.mjs';
import { buildStep } from './steps.mjs';

const stampFile = path.join(cache, 'built');
const output = path.join(root, 'out', 'main');
const folders = /^(electron|renderer|shared|backend|resources)\//;
const settings = /^((package(-lock)?|tsconfig[\w.]*)\.json|electron\.vite\.config\.ts)$/;
const tests = /\.test\.tsx?$/;

/** Whether a file of the checkout ends up in the built app. */
export function isSource(name) {
  const slashed = name.replaceAll('\\', '/');
  return settings.test(slashed) || (folders.test(slashed) && !tests.test(slashed));
}

function sourcesHash() {
  const hash = createHash('sha256');
  for (const name of checkoutFiles(root).filter(isSource)) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(path.join(root, name)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Builds unless the last build was of these very sources. */
export async function ensureBuilt({ node, env }) {
  const hash = sourcesHash();
  if (existsSync(output) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return;
  say('Building the desktop app.');
  const started = Date.now();
  rmSync(stampFile, { force: true });
  const { code, output: told } = await run([node, ...buildStep().args], { env, output: 'capture' });
  if (code !== 0) throw new CommandError(`The build failed:\n${stripVTControlCharacters(told)}`);
  folder(cache);
  writeFileSync(stampFile, hash);
  say(`Built in ${seconds(Date.now() - started)}.`);
}
