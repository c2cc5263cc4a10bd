// The commands behind the npm scripts; each answers its exit code.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { officialElectron } from './electron.mjs';
import { CommandError, say } from './output.mjs';
import { root, screenshotFile } from './paths.mjs';
import { packageScript, run, wasInterrupted } from './process.mjs';
import { openScratch } from './scratch.mjs';
import { keepScreenshot } from './screenshot.mjs';
import { plainSession, windowSession } from './session.mjs';
import { ensureBuilt } from './sources.mjs';
import { ensureStories } from './stories.mjs';
import {
  buildStep,
  close,
  endToEndStep,
  lintStep,
  playwrightStep,
  runInOrder,
  runStep,
  storiesStep,
  typesStep,
  vitestStep,
} from './steps.mjs';
import { ensureSystem } from './system.mjs';

/** Commands whose stdout is for their own answer: what we say goes to stderr. */
export const quiet = new Set(['backend', 'signalbox']);

export const commands = {
  start,
  test,
  dev,
  check,
  backend,
  prove,
  bench,
  package: packageApp,
  signalbox,
  pictures,
  coverage,
  prepare,
  system,
};

/** Opens the console on its embedded backend. */
async function start(args) {
  const session = await windowSession({ ownKeyring: false });
  await ensureBuilt(session);
  const endPicture = tellWhere(session);
  say('Opening Signalbox. Close its window, or press Ctrl-C here, to end it.');
  // Xvfb has no GPU to look for (e2e/fixtures/app.ts).
  const switches = session.display === undefined ? [] : ['--disable-gpu'];
  const command = [session.electron.binary, ...switches, '.', ...args];
  const { code } = await run(command, { env: session.env, apart: true });
  endPicture();
  session.end();
  say(code === 0 || wasInterrupted() ? 'Signalbox is closed.' : `Signalbox ended with exit code ${code}.`);
  return wasInterrupted() ? 0 : code;
}

/** Where nobody sees the window, says where it is and keeps a picture of it. */
function tellWhere({ display }) {
  if (display === undefined) return () => {};
  const shown = path.join(process.env.SIGNALBOX_SHOWN_CHECKOUT ?? root, path.relative(root, screenshotFile));
  say(`The window is on display ${display.display} (XAUTHORITY=${display.env.XAUTHORITY});`);
  say(`a current picture of it is kept in ${shown}.`);
  return keepScreenshot(display.framebuffer, screenshotFile);
}

/**
 * The whole test run. What only reads the sources runs beside the unit tests (two cores), and begins while Electron is
 * still being fetched; the rest runs alone.
 * `--only=unit` (or several, by commas) runs those steps alone; what follows goes to their runners. The stories come
 * last and alone: their windows take both cores, and the end-to-end tests would wait for them.
 */
async function test(args) {
  const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length).split(',');
  const rest = args.filter((arg) => !arg.startsWith('--only='));
  let read;
  const onPackages = (plain) => {
    if (only === undefined) read = runInOrder([typesStep(), lintStep()], { ...plain, beside: true });
  };
  const { env, ...parts } = await windowSession({ ownKeyring: true, desktops: 2, onPackages });
  const scratch = openScratch();
  const session = { ...parts, env: { ...env, ...(scratch && { TMPDIR: scratch.folder }) } };
  const done = only === undefined ? await testAll(session, { read, rest }) : await testOnly(session, { only, rest });
  session.end();
  scratch?.remove();
  return close(done);
}

/** `read`: the steps that only read the sources, which run already. */
async function testAll(session, { read, rest }) {
  const beside = { ...session, beside: true };
  const build = async () => {
    const still = await read;
    still.push(...(await runInOrder([buildStep()], beside)));
    // One that cannot be built is told by the step itself.
    if (!wasInterrupted()) await ensureStories(session).catch(() => {});
    return still;
  };
  const [still, unit] = await Promise.all([build(), runInOrder([vitestStep('unit')], beside)]);
  const done = [...still, ...unit, ...(await runInOrder([vitestStep('integration')], session))];
  const built = still.some((step) => step.name === 'build' && step.code === 0);
  if (built) done.push(...(await runInOrder([endToEndStep(session, rest)], session)));
  else say('-- end-to-end: not run, as there is no build\n');
  if (wasInterrupted()) return done;
  return [...done, ...(await runStories(session, storiesStep(rest)))];
}

async function testOnly(session, { only, rest }) {
  const steps = {
    types: () => typesStep(),
    lint: () => lintStep(),
    unit: () => vitestStep('unit', rest),
    integration: () => vitestStep('integration', rest),
    stories: () => storiesStep(rest),
    'end-to-end': () => endToEndStep(session, rest),
  };
  const unknown = only.find((name) => !Object.hasOwn(steps, name));
  if (unknown !== undefined)
    throw new CommandError(`There is no step "${unknown}". There are: ${Object.keys(steps).join(', ')}.`);
  if (only.includes('end-to-end')) await ensureBuilt(session);
  const done = [];
  for (const name of only) {
    const step = steps[name]();
    done.push(...(name === 'stories' ? await runStories(session, step) : await runInOrder([step], session)));
  }
  return done;
}

/** The stories are built first; where they cannot be, that is the step's failure and the others go on. */
async function runStories(session, step) {
  try {
    await ensureStories(session);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say(`-- stories: FAILED\n${error.message}\n`);
    return [{ name: 'stories', code: 1, counts: { passed: 0, failed: 1 } }];
  }
  return runInOrder([step], session);
}

/** Hot reload of renderer, main and, as it is part of main's bundle, the embedded backend. */
async function dev(args) {
  const session = await windowSession({ ownKeyring: false });
  const endPicture = tellWhere(session);
  const vite = packageScript('electron-vite', 'electron-vite');
  const { code } = await run([session.node, vite, 'dev', '--watch', ...args], { env: session.env });
  endPicture();
  session.end();
  say(code === 0 || wasInterrupted() ? 'Development ended.' : `Development ended with exit code ${code}.`);
  return wasInterrupted() ? 0 : code;
}

/** The fast loop. */
async function check() {
  const session = await plainSession();
  return close(await runInOrder([typesStep(), lintStep(), vitestStep('unit')], session));
}

async function backend(args) {
  const { node, env } = await plainSession();
  return (await run([node, 'backend/server.ts', ...args], { env })).code;
}

async function signalbox(args) {
  const { node, env } = await plainSession();
  return (
    await run([node, path.join(root, 'backend/cli/signalbox.ts'), ...args], {
      env,
      cwd: process.env.INIT_CWD ?? root,
    })
  ).code;
}

/** The long proofs: all of them, or the one named. */
async function prove([name, ...args]) {
  const folder = path.join(root, 'bench', 'prove');
  const all = existsSync(folder) ? readdirSync(folder) : [];
  const names = all
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -3))
    .sort();
  const chosen = name === undefined ? names : names.filter((known) => known === name);
  if (chosen.length === 0) {
    throw new CommandError(
      names.length === 0
        ? 'There are no proofs yet.'
        : `There is no proof "${name}". There are: ${names.join(', ')}.`,
    );
  }
  const { node, env } = await plainSession();
  const done = [];
  for (const proof of chosen) {
    if (wasInterrupted()) break;
    done.push(
      await runStep({ name: proof, args: [path.join(folder, `${proof}.ts`), ...args] }, { node, env }),
    );
  }
  const failed = done.filter((step) => step.code !== 0);
  say(`${done.length - failed.length} of ${chosen.length} proofs held.`);
  return failed.length > 0 || done.length < chosen.length ? 1 : 0;
}

/** Benchmarks that open a window; without a name all run, these among them. */
const windowBenches = new Set(['start']);

/** Whether a command opens a window, and so needs a display and a keyring. */
export function opensWindow(command, args) {
  if (command === 'bench') return args[0] === undefined || windowBenches.has(args[0]);
  return ['start', 'dev', 'test', 'pictures'].includes(command);
}

async function bench(args) {
  const window = opensWindow('bench', args) ? await windowSession({ ownKeyring: true }) : undefined;
  if (window !== undefined) await ensureBuilt(window);
  const { node, env } = window ?? (await plainSession());
  const { code } = await run([node, 'bench/run.ts', ...args], { env });
  window?.end();
  say(
    code === 0
      ? 'Benchmarks done; the figures are in bench/results.'
      : `The benchmarks ended with exit code ${code}.`,
  );
  return code;
}

/** An installable build. It must hold the official Electron; the stock build is for tests only. */
async function packageApp() {
  await plainSession();
  if (officialElectron() === undefined) {
    throw new CommandError(
      'A package that users install needs the official Electron, which is not here: ' +
        'run "npm run package" where its release page can be reached.',
    );
  }
  throw new CommandError('Packaging is not part of this version yet; nothing was built.');
}

/** Draws the pictures of the screens for the documentation; `stories`: those that the stories are compared with. */
async function pictures(args) {
  const session = await windowSession({ ownKeyring: true });
  if (args[0] === 'stories') return picturesOfStories(session, args.slice(1));
  await ensureBuilt(session);
  const done = await runInOrder([playwrightStep('pictures', [...args, '--project', 'pictures'])], session);
  session.end();
  say(done[0]?.code === 0 ? 'The pictures are in docs/pictures.' : 'The pictures could not all be drawn.');
  return done[0]?.code ?? 1;
}

async function picturesOfStories(session, args) {
  const step = storiesStep(['--update-snapshots=changed', ...args]);
  const done = await runStories(session, { ...step, env: { ...step.env, SIGNALBOX_STORIES_UPDATE: '1' } });
  session.end();
  say('The pictures of the stories are in e2e/stories/pictures; what changed is what git shows.');
  return done[0]?.code ?? 1;
}

/** The share of the lines that unit tests alone, and integration tests alone, run through. */
async function coverage() {
  const session = await plainSession();
  // Integration runs the backend; the window is the end-to-end suite's, which counts no lines.
  const backendAlone = ['--coverage.include=shared/**/*.ts', '--coverage.include=backend/**/*.ts'];
  const thresholds = [
    { project: 'unit', lines: 80, of: [] },
    { project: 'integration', lines: 70, of: backendAlone },
  ];
  const steps = thresholds.map(({ project, lines, of }) =>
    vitestStep(project, [
      ...of,
      '--coverage',
      '--coverage.reporter=text-summary',
      '--coverage.reporter=lcov',
      `--coverage.reportsDirectory=coverage/${project}`,
      `--coverage.thresholds.lines=${lines}`,
    ]),
  );
  // Lines of what comes out of a cache cannot be counted exactly.
  const exact = steps.map((step) => ({ ...step, env: {} }));
  return close(await runInOrder(exact, session));
}

/** Packages and Electron, without opening anything. */
async function prepare() {
  const session = await windowSession({ ownKeyring: false });
  session.end();
  say('Everything is there.');
  return 0;
}

/** What the operating system lacks: installed as root, told otherwise. */
async function system() {
  await ensureSystem({ display: true, keyring: true });
  say('The system has what Signalbox needs.');
  return 0;
}
