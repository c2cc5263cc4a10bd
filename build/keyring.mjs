// A D-Bus session with an unlocked keyring of its own, so that Electron's safeStorage works where no desktop
// runs. Its files stay in the checkout's .cache, and a restarted app finds its secrets again.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CommandError } from './output.mjs';
import { cache, folder } from './paths.mjs';
import { startHelper } from './process.mjs';

/**
 * The passphrase of that keyring. It guards nothing: whoever can read the files can read this. It must not be
 * empty, or the daemon asks for a new one in a window.
 */
const passphrase = 'signalbox';
const startWithin = 15_000;

/**
 * Starts D-Bus and the keyring; `number` where several run side by side, each with files of its own.
 * @returns {Promise<{ env: object, stop: () => void }>} the environment in which an app finds them
 */
export async function startKeyring(number = 1) {
  // In the folder for temporary files, as the path of a socket must be short.
  const runtime = mkdtempSync(path.join(os.tmpdir(), 'signalbox-'));
  const data = folder(cache, 'keyring', number === 1 ? 'data' : `data-${number}`);
  // Chromium picks its store by the name of the desktop; without one it keeps secrets in plain text.
  const plain = { ...process.env, XDG_RUNTIME_DIR: runtime, XDG_CURRENT_DESKTOP: 'GNOME', NO_AT_BRIDGE: '1' };
  const bus = startHelper(['dbus-daemon', '--session', '--nofork', '--print-address'], {
    env: plain,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await firstOutput(bus, 'dbus-daemon');
  const env = {
    XDG_RUNTIME_DIR: runtime,
    XDG_CURRENT_DESKTOP: 'GNOME',
    NO_AT_BRIDGE: '1',
    DBUS_SESSION_BUS_ADDRESS: address,
    // Chromium complains on every start where there is no system bus, as in a container.
    ...(existsSync('/run/dbus/system_bus_socket') ? {} : { DBUS_SYSTEM_BUS_ADDRESS: address }),
  };
  await unlock({ ...plain, ...env, XDG_DATA_HOME: data });
  const stop = () => {
    bus.kill('SIGTERM');
    rmSync(runtime, { recursive: true, force: true });
  };
  return { env, stop };
}

/** Starts the keyring's daemon, which goes to the background once it is ready and ends with its bus. */
function unlock(env) {
  const starter = startHelper(['gnome-keyring-daemon', '--daemonize', '--unlock', '--components=secrets'], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  starter.stdin.on('error', () => {});
  starter.stdin.end(passphrase);
  return new Promise((resolve, reject) => {
    starter.on('error', (error) =>
      reject(new CommandError(`gnome-keyring-daemon did not start: ${error.message}`)),
    );
    starter.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new CommandError(`gnome-keyring-daemon did not start: exit code ${code}`));
    });
  });
}

/** The first line that a daemon prints: its sign that it is ready. */
function firstOutput(daemon, name) {
  return new Promise((resolve, reject) => {
    let text = '';
    const give = (problem) => reject(new CommandError(`${name} did not start: ${problem}`));
    const timer = setTimeout(() => give(`no answer in ${startWithin / 1000} s`), startWithin);
    daemon.stdout.on('data', (chunk) => {
      text += chunk;
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(text.split('\n')[0].trim());
    });
    daemon.on('error', (error) => give(error.message));
    daemon.on('exit', (code) => {
      clearTimeout(timer);
      give(`exit code ${code}`);
    });
  });
}
