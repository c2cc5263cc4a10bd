// What the operating system must have (Electron's libraries, Xvfb, D-Bus, a keyring): says what lacks, and
// installs it where it may.
import { existsSync } from 'node:fs';
import { CommandError, say, seconds, withHeartbeat } from './output.mjs';
import { isLinux, isRoot } from './paths.mjs';
import { ask, findProgram, run } from './process.mjs';

/**
 * Each need with Debian's and Ubuntu's names for it, the newer name first (their move to a 64-bit time_t
 * renamed some libraries). A library is looked for by the name that the linker knows.
 */
export const libraries = [
  { library: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] },
  { library: 'libnss3.so', packages: ['libnss3'] },
  { library: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] },
  { library: 'libgbm.so.1', packages: ['libgbm1'] },
  { library: 'libXss.so.1', packages: ['libxss1'] },
  { library: 'libXtst.so.6', packages: ['libxtst6t64', 'libxtst6'] },
  { library: 'libatk-bridge-2.0.so.0', packages: ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'] },
  { library: 'libdrm.so.2', packages: ['libdrm2'] },
  { library: 'libnotify.so.4', packages: ['libnotify4'] },
  { library: 'libsecret-1.so.0', packages: ['libsecret-1-0'] },
];
export const displayPrograms = [{ program: 'Xvfb', packages: ['xvfb'] }];
export const keyringPrograms = [
  { program: 'dbus-daemon', packages: ['dbus'] },
  { program: 'gnome-keyring-daemon', packages: ['gnome-keyring'] },
];
/** A bare system has no font at all; GTK's own dependencies normally bring this one. */
const fonts = [{ file: '/usr/share/fonts', packages: ['fonts-dejavu-core'] }];
/** `setpriv` (to become the unprivileged user) and `useradd` are missing on the smallest images only. */
export const rootPrograms = [
  { program: 'setpriv', packages: ['util-linux'] },
  { program: 'useradd', packages: ['passwd'] },
  { program: 'tar', packages: ['tar'] },
];

/**
 * Makes sure that the system has what a window needs; as root on Debian or Ubuntu by installing it.
 * @param {{ display: boolean, keyring: boolean }} needs
 */
export async function ensureSystem(needs) {
  if (!isLinux) return;
  const wanted = [
    ...libraries,
    ...fonts,
    ...(needs.display ? displayPrograms : []),
    ...(needs.keyring ? keyringPrograms : []),
    ...(isRoot ? rootPrograms : []),
  ];
  const missing = findMissing(wanted, systemFacts());
  if (missing.length === 0) return;
  const names = missing.map((need) => need.library ?? need.program ?? need.file).join(', ');
  if (!findProgram('apt-get')) {
    throw new CommandError(`This system lacks ${names}. Please install them with its package manager.`);
  }
  if (isRoot) await install(missing, names);
  else
    throw new CommandError(
      `This system lacks ${names}. This command installs them:\n\n  ${installCommand(missing)}\n`,
    );
}

async function install(missing, names) {
  say(`This system lacks ${names}; installing with apt-get (running as root).`);
  const started = Date.now();
  await apt(['update']);
  const packages = chooseAll(missing);
  say(`  ${packages.join(' ')}`);
  await apt(['install', '--yes', '--no-install-recommends', ...packages]);
  const still = findMissing(missing, systemFacts());
  if (still.length > 0) {
    throw new CommandError(
      `Still missing after apt-get: ${still.map((need) => need.library ?? need.program).join(', ')}.`,
    );
  }
  say(`System packages installed in ${seconds(Date.now() - started)}.`);
}

async function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const command = [
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=300',
    '-o',
    'Acquire::Retries=3',
    '--quiet=2',
    ...args,
  ];
  const { code, output } = await withHeartbeat(`apt-get ${args[0]}`, () =>
    run(command, { env, output: 'capture' }),
  );
  if (code !== 0)
    throw new CommandError(`apt-get ${args[0]} failed with exit code ${code}:\n${output.slice(-4000)}`);
}

/** The one command for a person who is not root. */
function installCommand(missing) {
  const packages = chooseAll(missing).join(' ');
  return `sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${packages}`;
}

function chooseAll(missing) {
  const asked = missing.flatMap((need) => need.packages);
  const answer = ask('apt-cache', ['policy', ...asked], { env: { ...process.env, LC_ALL: 'C' } }) ?? '';
  return choosePackages(missing, installable(answer));
}

/** The names in `apt-cache policy`'s answer that have a version to install (not only named by others). */
export function installable(policy) {
  const found = new Set();
  let name;
  for (const line of policy.split('\n')) {
    const heading = /^(\S+):$/.exec(line);
    if (heading !== null) name = heading[1].split(':')[0];
    const candidate = /^\s+Candidate: (.*)$/.exec(line);
    if (candidate !== null && candidate[1] !== '(none)') found.add(name);
  }
  return found;
}

/** One package for each need: the first of its names that this release has, else the oldest name. */
export function choosePackages(missing, available) {
  const chosen = missing.map(
    (need) => need.packages.find((name) => available.has(name)) ?? need.packages.at(-1),
  );
  return [...new Set(chosen)];
}

/** Which needs are not met; libraries count as met where the linker's list cannot be read. */
export function findMissing(wanted, facts) {
  return wanted.filter((need) => {
    if (need.library !== undefined)
      return facts.libraries !== undefined && !facts.libraries.has(need.library);
    if (need.program !== undefined) return !facts.hasProgram(need.program);
    return !facts.hasFile(need.file);
  });
}

function systemFacts() {
  const ldconfig = findProgram('ldconfig');
  const listed = ldconfig === undefined ? undefined : ask(ldconfig, ['-p']);
  return {
    libraries: listed === undefined ? undefined : linkerNames(listed),
    hasProgram: (name) => findProgram(name) !== undefined,
    hasFile: existsSync,
  };
}

/** The names in `ldconfig -p`'s answer. */
export function linkerNames(listed) {
  return new Set([...listed.matchAll(/^\s+(\S+) \(/gm)].map((match) => match[1]));
}
