// What a command needs around it to start Electron: system, packages, Node, Electron, display, keyring.
import { electronEnvironment, ensureElectron, missingLibraries } from './electron.mjs';
import { startDisplay } from './display.mjs';
import { startKeyring } from './keyring.mjs';
import { CommandError, say } from './output.mjs';
import { ensurePackages, nodeToRunWith } from './packages.mjs';
import { hasDisplay, isLinux } from './paths.mjs';
import { endHelpers } from './process.mjs';
import { ensureSystem } from './system.mjs';

/** Packages and Node, for the commands that open no window. */
export async function plainSession() {
  await ensurePackages();
  return nodeToRunWith();
}

/**
 * Everything for a window. `ownKeyring` gives it a keyring of its own even where a desktop runs.
 * @param {{ ownKeyring: boolean }} options
 * @returns {Promise<{ node: string, env: object, electron: object, display?: object, end: () => void }>}
 */
export async function windowSession({ ownKeyring }) {
  const headless = isLinux && !hasDisplay;
  const keyring = isLinux && (ownKeyring || headless);
  await ensureSystem({ display: headless, keyring });
  const { node, env } = await plainSession();
  const electron = await ensureElectron();
  const missing = missingLibraries(electron.dist);
  if (missing.length > 0)
    throw new CommandError(`Electron lacks these libraries of the system: ${missing.join(', ')}.`);
  const display = headless ? await startDisplay() : undefined;
  const ring = keyring ? await startKeyring() : undefined;
  if (display !== undefined) say(`No display here: using Xvfb on ${display.display}.`);
  const all = { ...env, ...electronEnvironment(electron), ...display?.env, ...ring?.env };
  return {
    node,
    env: all,
    electron,
    display,
    end: () => {
      display?.stop();
      ring?.stop();
      endHelpers();
    },
  };
}
