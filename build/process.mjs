// Starts other programs: with the terminal, captured, or as helpers that end with us; passes signals on.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CommandError } from './output.mjs';
import { isLinux, root } from './paths.mjs';

/** Programs in the foreground (they get our signals) and helpers (they are ended when we end). */
const foreground = new Set();
const helpers = new Set();
/** Those of the foreground that are in a process group of their own. */
const apart = new WeakSet();
const sameRequestWithin = 300;
let lastPassed = 0;
let interrupted = false;

/** Whether somebody asked the whole command to stop. */
export function wasInterrupted() {
  return interrupted;
}

/** Passes SIGINT, SIGTERM and SIGHUP to what runs; the command then ends when that has ended. */
export function passSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => passOn(signal));
  process.on('exit', endHelpers);
  if (process.env.npm_lifecycle_event !== undefined) followNpm();
}

function passOn(signal) {
  // One signal to a whole process group reaches us twice, directly and from above: it means one request.
  if (Date.now() - lastPassed < sameRequestWithin) return;
  lastPassed = Date.now();
  interrupted = true;
  if (foreground.size === 0) process.exit(128 + os.constants.signals[signal]);
  // Ctrl-C at a terminal reaches the whole process group already; a second one would force a quit.
  const alreadyThere = signal === 'SIGINT' && process.stdin.isTTY;
  for (const child of foreground) if (apart.has(child) || !alreadyThere) child.kill(signal);
}

/** npm ends only the shell between it and us, which does not tell us: we see it by our new parent. */
function followNpm() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    passOn('SIGTERM');
  }, 250);
  watch.unref();
}

/** Ends the helpers (X server, D-Bus, keyring) at once. */
export function endHelpers() {
  for (const child of helpers) child.kill('SIGTERM');
  helpers.clear();
}

/** The exit code as a shell would give it: 128 and the signal's number when a signal ended the program. */
export function exitCodeOf(code, signal) {
  if (code !== null) return code;
  return 128 + (os.constants.signals[signal] ?? 0);
}

/**
 * Runs a program to its end. `output: 'capture'` collects stdout and stderr together instead of showing
 * them; `aside` shows both on stderr, where stdout is for somebody's answer. `apart` gives it a process group
 * of its own and no input, so that a signal reaches it alone and not the processes that it looks after.
 * @param {string[]} command
 * @param {{ env?: object, cwd?: string, input?: Buffer, apart?: boolean,
 *   output?: 'show' | 'aside' | 'capture' }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, options = {}) {
  const [program, ...args] = options.apart === true ? tied(command) : command;
  const capture = options.output === 'capture';
  const silent = capture || options.apart === true;
  const input = options.input === undefined ? (silent ? 'ignore' : 'inherit') : 'pipe';
  const out = capture ? 'pipe' : options.output === 'aside' ? 2 : 'inherit';
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: [input, out, capture ? 'pipe' : 'inherit'],
      detached: options.apart === true && process.platform !== 'win32',
      shell: process.platform === 'win32' && program.endsWith('.cmd'),
    });
    foreground.add(child);
    if (options.apart === true) apart.add(child);
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    // A program that ends before it has read its input is told by its exit code, not by EPIPE.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
    child.on('error', (error) => {
      foreground.delete(child);
      reject(new CommandError(`${command[0]} could not be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      foreground.delete(child);
      resolve({ code: exitCodeOf(code, signal), output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/** Asks a short question of another program: its stdout, or undefined when it failed or is not there. */
export function ask(program, args, options = {}) {
  const answer = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, ...options });
  return answer.status === 0 ? answer.stdout : undefined;
}

/** Starts a helper that ends with us, on Linux even when we are killed outright (parent-death signal). */
export function startHelper(command, options) {
  const full = tied(command);
  // In a group of its own: Ctrl-C must not take the display away from an app that is just closing.
  const child = spawn(full[0], full.slice(1), { ...options, detached: process.platform !== 'win32' });
  helpers.add(child);
  child.on('error', () => helpers.delete(child));
  child.on('exit', () => helpers.delete(child));
  return child;
}

/** A command that gets SIGTERM when we die, however we do; Linux can do that. */
function tied(command) {
  return isLinux && findProgram('setpriv') ? ['setpriv', '--pdeathsig', 'TERM', '--', ...command] : command;
}

/** The path of a program on PATH, or where Debian keeps what is on root's only; else undefined. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/** The script that a package's own command runs, to be started with a Node of our choice. */
export function packageScript(packageName, command) {
  const folder = path.join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[command]);
}
