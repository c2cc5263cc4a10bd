// As root: brings the checkout into an unprivileged user's home, goes on there, and brings the results back.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkoutFiles, difference, marks } from './files.mjs';
import { CommandError, say } from './output.mjs';
import { cache, folder, root, screenshotFile } from './paths.mjs';
import { findProgram, run } from './process.mjs';
import { askAs, asUser, ensureUser, fetchFiles, sendFiles, userEnvironment } from './user.mjs';

/** What each command makes that belongs into the checkout; `true` for what is replaced as a whole. */
const results = {
  start: {},
  dev: {},
  test: { 'test-results': true },
  coverage: { coverage: true },
  prove: { 'bench/results': false },
  bench: { 'bench/results': false },
  pictures: { 'docs/pictures': false, 'e2e/stories/pictures': true },
};
/** How often the picture of the window, and in development the changed files, are carried over. */
const screenshotEvery = 5000;
const syncEvery = 1000;

/** Whether a command needs an unprivileged user (a sandboxed window or a real PostgreSQL). */
export function needsUser(command) {
  return command in results;
}

/** The folder of a checkout's copy below the user's home: two checkouts never share one. */
export function copyName(checkout) {
  const name = path.basename(checkout).replace(/[^\w.-]/g, '_');
  return `${name}-${createHash('sha256').update(checkout).digest('hex').slice(0, 8)}`;
}

/** Runs `command` in the user's copy; answers its exit code. */
export async function goOnAsUser(command, args) {
  const user = ensureUser();
  const origin = realpathSync(root);
  const copies = path.join(user.home, 'checkouts');
  const home = path.join(copies, copyName(origin));
  const copy = path.join(home, 'checkout');
  dropOrphans(user, copies);
  say(`Going on as the unprivileged user "${user.name}" in ${copy}, a copy of this checkout.`);
  const sent = await sendCheckout(user, { origin, home, copy });
  const { node, env } = await userEnvironment(user);
  makeSocketFolder();
  const inner = { ...env, SIGNALBOX_SHOWN_CHECKOUT: root };
  const bootstrap = path.join(copy, 'build', 'bootstrap.mjs');
  await ensureSandbox(user, { node, env: inner, copy, bootstrap });
  const stop = carryOver(command, { user, copy, sent });
  const { code } = await run(asUser(user, [node, bootstrap, command, ...args]), { cwd: copy, env: inner });
  await stop();
  await bringBack(command, { user, copy });
  return code;
}

/** X servers put their sockets here; only root can make the folder (and the umask must not narrow it). */
function makeSocketFolder() {
  const sockets = '/tmp/.X11-unix';
  if (existsSync(sockets)) return;
  mkdirSync(sockets);
  chmodSync(sockets, 0o1777);
}

/** Copies of checkouts that are gone (a CI's of yesterday) are removed. */
function dropOrphans(user, copies) {
  const listed = askAs(user, ['ls', '-1', copies]) ?? '';
  for (const name of listed.split('\n').filter((entry) => entry.length > 0)) {
    const origin = askAs(user, ['cat', path.join(copies, name, 'origin')])?.trim();
    if (origin !== undefined && !existsSync(origin))
      askAs(user, ['rm', '-rf', '--', path.join(copies, name)]);
  }
}

/**
 * Sends every file of the checkout and deletes in the copy what is no longer one of them. What the copy made
 * for itself (packages, builds, Electron) stays, so that the second run is quick.
 */
async function sendCheckout(user, { origin, home, copy }) {
  const names = checkoutFiles(origin);
  const manifest = path.join(home, 'manifest.json');
  const before = askAs(user, ['cat', manifest]);
  await deleteInCopy(
    user,
    copy,
    difference(before === undefined ? {} : JSON.parse(before), marks(origin, names)).gone,
  );
  await sendFiles(user, { from: origin, names, to: copy });
  await sendShared(user, { origin, home });
  const now = marks(origin, names);
  await writeAs(user, manifest, JSON.stringify(now));
  await writeAs(user, path.join(home, 'origin'), origin);
  return now;
}

/** The samples that tests read where they lie beside the checkout. */
async function sendShared(user, { origin, home }) {
  const shared = path.join(origin, '..', 'shared');
  const to = path.join(home, 'shared');
  askAs(user, ['rm', '-rf', '--', to]);
  if (existsSync(path.join(shared, 'samples'))) await sendFiles(user, { from: shared, names: ['.'], to });
}

async function deleteInCopy(user, copy, names) {
  if (names.length === 0) return;
  const input = Buffer.from(`${names.join('\0')}\0`);
  await run(asUser(user, ['xargs', '-0', 'rm', '-f', '--']), { cwd: copy, output: 'capture', input });
}

async function writeAs(user, file, text) {
  const { code } = await run(asUser(user, ['tee', file]), {
    cwd: '/',
    output: 'capture',
    input: Buffer.from(text),
  });
  if (code !== 0) throw new CommandError(`${file} could not be written.`);
}

/** Chromium's sandbox: by user namespaces where the kernel lets anybody make them, else by its helper. */
async function ensureSandbox(user, { node, env, copy, bootstrap }) {
  const works =
    !findProgram('unshare') ||
    askAs(user, ['unshare', '--user', '--map-root-user', '--net', 'true']) !== undefined;
  if (works) return;
  say('The kernel lets no ordinary user make namespaces; setting up the sandbox helper of Chromium instead.');
  const { code } = await run(asUser(user, [node, bootstrap, 'prepare']), { cwd: copy, env });
  if (code !== 0) throw new CommandError('Electron could not be prepared; see above.');
  for (const dist of ['.cache/electron/dist', 'node_modules/electron/dist']) {
    const helper = askAs(user, ['cat', path.join(copy, dist, 'chrome-sandbox')], { encoding: 'buffer' });
    if (helper === undefined) continue;
    installHelper(helper);
    askAs(user, ['ln', '-sfn', sandboxHelper, path.join(copy, dist, 'chrome-sandbox')]);
  }
}

const sandboxHelper = '/usr/local/lib/signalbox/chrome-sandbox';

/**
 * Installs the helper, setuid root, where only root can write. Its bytes come from the user's copy, whose
 * download was checked: who can change that copy could be root by it, so this is for the kernels that leave
 * no other way to a sandbox.
 */
function installHelper(bytes) {
  mkdirSync(path.dirname(sandboxHelper), { recursive: true, mode: 0o755 });
  rmSync(sandboxHelper, { force: true });
  writeFileSync(sandboxHelper, bytes, { mode: 0o700 });
  chmodSync(sandboxHelper, 0o4755);
}

/** Carries the window's picture back, and in development changed files over; answers how to end it. */
function carryOver(command, { user, copy, sent }) {
  const timers = [];
  const picture = () => bringScreenshot(user, copy);
  if (command === 'start' || command === 'dev') timers.push(setInterval(picture, screenshotEvery));
  const sync = syncer(user, { copy, sent });
  if (command === 'dev') timers.push(setInterval(() => void sync(), syncEvery));
  return async () => {
    for (const timer of timers) clearInterval(timer);
    if (timers.length > 0) picture();
  };
}

function bringScreenshot(user, copy) {
  const picture = askAs(user, ['cat', path.join(copy, path.relative(root, screenshotFile))], {
    encoding: 'buffer',
  });
  if (picture === undefined) return;
  folder(cache);
  if (existsSync(screenshotFile) && readFileSync(screenshotFile).equals(picture)) return;
  writeFileSync(screenshotFile, picture);
}

function syncer(user, { copy, sent }) {
  let before = sent;
  let busy = false;
  return async () => {
    if (busy) return;
    busy = true;
    try {
      const now = marks(root, checkoutFiles(root));
      const { changed, gone } = difference(before, now);
      await deleteInCopy(user, copy, gone);
      if (changed.length > 0) await sendFiles(user, { from: root, names: changed, to: copy });
      before = now;
    } catch (error) {
      // A file that vanished while it was read: the next round sees it.
      if (!(error instanceof CommandError)) throw error;
    } finally {
      busy = false;
    }
  };
}

async function bringBack(command, { user, copy }) {
  for (const [name, replaced] of Object.entries(results[command])) {
    const there = askAs(user, ['test', '-e', path.join(copy, name)]) !== undefined;
    if (there && replaced) rmSync(path.join(root, name), { recursive: true, force: true });
    await fetchFiles(user, { from: copy, names: [name], to: root });
  }
}
