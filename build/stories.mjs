// Builds the stories into out/stories, when their sources have changed, and lists them as the built page does.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { checkoutFiles } from './files.mjs';
import { CommandError, say, seconds } from './output.mjs';
import { readJson, root } from './paths.mjs';
import { packageScript, run } from './process.mjs';

const listFile = path.join(root, 'out', 'stories', 'list.json');
const sources = /^((renderer|shared)\/.*(?<!\.test\.tsx?)|e2e\/stories\/window\.cjs|package-lock\.json)$/;

function sourcesHash() {
  const hash = createHash('sha256');
  for (const name of checkoutFiles(root)) {
    const slashed = name.replaceAll('\\', '/');
    if (sources.test(slashed)) hash.update(`${slashed}\0`).update(readFileSync(path.join(root, name))).update('\0');
  }
  return hash.digest('hex');
}

/** Builds unless the last build was of these very sources. */
export async function ensureStories({ node, env, electron }) {
  const hash = sourcesHash();
  if (existsSync(listFile) && readJson(listFile)?.hash === hash) return;
  const started = Date.now();
  say('Building the stories.');
  const vite = packageScript('vite', 'vite');
  const built = await run([node, vite, 'build', '--config', 'renderer/stories/vite.config.ts'], { env, output: 'capture' });
  if (built.code !== 0) throw new CommandError(`The stories could not be built:\n${stripVTControlCharacters(built.output)}`);
  const window = path.join(root, 'e2e/stories/window.cjs');
  const listed = await run([electron.binary, window, `--list=${listFile}`], { env, output: 'capture' });
  const list = readJson(listFile);
  if (listed.code !== 0 || !list?.stories?.length) {
    throw new CommandError(`The built stories could not be listed:\n${stripVTControlCharacters(listed.output)}`);
  }
  writeFileSync(listFile, JSON.stringify({ ...list, hash }));
  say(`Built ${list.stories.length} stories in ${seconds(Date.now() - started)}.`);
}
