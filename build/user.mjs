// The unprivileged user that root hands over to: PostgreSQL and Chromium's sandbox refuse root.
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CommandError, say } from './output.mjs';
import { ask, run } from './process.mjs';

export const userName = 'signalbox';

/**
 * What of root's environment goes along: nothing that names root's own folders, and no secret by accident.
 * npm's settings go along one by one, as npm itself exports them, root's npmrc being unreadable to others.
 */
const keptNames = new Set([
  'CI',
  'TERM',
  'COLORTERM',
  'LANG',
  'LC_ALL',
  'LANGUAGE',
  'TZ',
  'NO_COLOR',
  'FORCE_COLOR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'LOG_LEVEL',
  'DEBUG',
  'ELECTRON_MIRROR',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]);
const keptNpm = new Set([
  'registry',
  'cafile',
  'ca',
  'proxy',
  'https_proxy',
  'noproxy',
  'strict_ssl',
  'maxsockets',
  'fetch_timeout',
  'fetch_retries',
  'prefer_offline',
  'offline',
  'ignore_scripts',
]);
/** Our own switches go along, but neither a real database nor a real secret: tests run as that user. */
const ownNames = /^SIGNALBOX_(?!.*(_KEY|_TOKEN|_SECRET|DATABASE_URL|DATA_DIR)$)/;
/** Variables that name a file, which the user must be able to read. */
const fileNames = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'npm_config_cafile'];

/** The part of an environment that the unprivileged user gets. */
export function cleanEnvironment(env) {
  const kept = Object.entries(env).filter(([name]) => {
    if (keptNames.has(name) || ownNames.test(name)) return true;
    return /^npm_config_/i.test(name) && keptNpm.has(name.slice('npm_config_'.length).toLowerCase());
  });
  return Object.fromEntries(kept);
}

/** Makes the user where there is none; answers its ids and home. */
export function ensureUser() {
  const known = passwordEntry();
  if (known !== undefined) return known;
  say(`Making the unprivileged user "${userName}" to go on as (running as root).`);
  if (
    ask('useradd', ['--create-home', '--shell', '/bin/bash', userName]) === undefined &&
    passwordEntry() === undefined
  ) {
    throw new CommandError(`The user "${userName}" could not be made; useradd refused.`);
  }
  return passwordEntry();
}

function passwordEntry() {
  const line =
    ask('getent', ['passwd', userName]) ??
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${userName}:`));
  if (line === undefined) return undefined;
  const [name, , uid, gid, , home] = line.trim().split(':');
  if (uid === '0') throw new CommandError(`The user "${name}" must not be root.`);
  return { name, uid: Number(uid), gid: Number(gid), home };
}

/** A command as the user: it has the user's ids and groups, and gains no privilege by what it starts. */
export function asUser(user, command) {
  const ids = ['--reuid', String(user.uid), '--regid', String(user.gid), '--init-groups'];
  return ['setpriv', ...ids, '--pdeathsig', 'TERM', '--', ...command];
}

/** Asks a short question as the user: stdout, or undefined when the answer is no. */
export function askAs(user, command, options = {}) {
  const [program, ...args] = asUser(user, command);
  return ask(program, args, { cwd: '/', ...options });
}

/** The environment to run in as the user; `node` is one that the user can execute. */
export async function userEnvironment(user) {
  const node = await nodeForUser(user);
  const system = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const env = {
    ...cleanEnvironment(process.env),
    HOME: user.home,
    USER: user.name,
    LOGNAME: user.name,
    SHELL: '/bin/bash',
    PATH: `${path.dirname(node)}:${system}`,
    LANG: process.env.LANG ?? 'C.UTF-8',
  };
  const npm = process.env.npm_execpath;
  if (npm !== undefined && canRead(user, npm)) env.npm_execpath = npm;
  for (const name of fileNames) {
    if (env[name] !== undefined) env[name] = await readableCopy(user, env[name]);
  }
  return { node, env };
}

/** Node where the user can run it: as it is, or a copy of it with its npm when it lies in root's own home. */
async function nodeForUser(user) {
  const npmBeside = path.resolve(
    path.dirname(process.execPath),
    '..',
    'lib',
    'node_modules',
    'npm',
    'bin',
    'npm-cli.js',
  );
  const works = askAs(user, [process.execPath, '--version'], { env: {} }) !== undefined;
  if (works) return process.execPath;
  const prefix = path.join(user.home, `node-${process.versions.node}`);
  const copy = path.join(prefix, 'bin', 'node');
  if (!canRead(user, copy)) {
    say(`Copying Node ${process.versions.node} to where that user can run it.`);
    const from = path.resolve(path.dirname(process.execPath), '..');
    const parts = ['bin/node', ...(existsSync(npmBeside) ? ['bin/npm', 'lib/node_modules/npm'] : [])];
    await sendFiles(user, { from, names: parts, to: prefix });
  }
  return copy;
}

async function readableCopy(user, file) {
  if (canRead(user, file)) return file;
  try {
    accessSync(file, constants.R_OK);
  } catch {
    return undefined;
  }
  const to = path.join(
    user.home,
    '.certificates',
    createHash('sha256').update(file).digest('hex').slice(0, 8),
  );
  await sendFiles(user, { from: path.dirname(file), names: [path.basename(file)], to });
  return path.join(to, path.basename(file));
}

function canRead(user, file) {
  return askAs(user, ['test', '-r', file]) !== undefined;
}

/**
 * Sends files to the user. Root reads and the user writes, so that nothing which the user laid out in its
 * folders (a symbolic link, say) can lead root's hand.
 */
export async function sendFiles(user, { from, names, to }) {
  await mustRun(asUser(user, ['mkdir', '-p', to]), `${to} could not be made`);
  const pack = ['tar', '-C', from, '--mode=u+rwX', '--null', '-T', '-', '-cf', '-'];
  const packed = collect(pack, names, from);
  await mustRun(
    asUser(user, ['tar', '-C', to, '--no-same-owner', '-xf', '-']),
    `files could not be sent to ${to}`,
    packed,
  );
}

/** Brings results back into root's checkout; the user packs and root unpacks. */
export async function fetchFiles(user, { from, names, to }) {
  mkdirSync(to, { recursive: true });
  const present = names.filter((name) => askAs(user, ['test', '-e', path.join(from, name)]) !== undefined);
  if (present.length === 0) return;
  const packed = askAs(user, ['tar', '-C', from, '-cf', '-', ...present], { encoding: 'buffer' });
  if (packed === undefined) throw new CommandError(`The results could not be brought back from ${from}.`);
  await mustRun(
    ['tar', '-C', to, '--no-same-owner', '--no-same-permissions', '-xf', '-'],
    'the results could not be unpacked',
    packed,
  );
}

function collect(command, names, from) {
  const input = Buffer.from(`${names.join('\0')}\0`);
  const answer = ask(command[0], command.slice(1), { encoding: 'buffer', input });
  if (answer === undefined) throw new CommandError(`The files of ${from} could not be read.`);
  return answer;
}

async function mustRun(command, problem, input) {
  const { code, output } = await run(command, { cwd: '/', output: 'capture', input });
  if (code !== 0) throw new CommandError(`${problem}: ${output.trim()}`);
}
