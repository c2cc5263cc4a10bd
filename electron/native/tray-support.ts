// Whether this desktop shows icons in a tray at all.
import { execFile } from 'node:child_process';

const ASK_MS = 2_000;

/** Runs a program and answers what it wrote; rejects when it is not there or fails. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

export const runProgram: RunProgram = (program, args) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(program, [...args], { timeout: ASK_MS }, (error, output) => {
    if (error) reject(error);
    else resolve(output);
  });
  return promise;
};

const WATCHER = 'org.kde.StatusNotifierWatcher';
const asks: [string, string[]][] = [
  ['dbus-send', ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus.NameHasOwner', `string:${WATCHER}`]],
  ['gdbus', ['call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus', '--method', 'org.freedesktop.DBus.NameHasOwner', WATCHER]],
];

/**
 * Whether an icon in the tray would be seen. On Linux Electron cannot tell: a desktop without a tray takes the icon and
 * shows none, so the session bus is asked who shows them. Nobody to ask counts as none: hiding there would be for good.
 */
export async function hasTray(platform: string, run: RunProgram = runProgram): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (const [program, args] of asks) {
    try {
      return /\btrue\b/.test(await run(program, args));
    } catch {
      // Not installed, or no session bus; the next one may know.
    }
  }
  return false;
}
