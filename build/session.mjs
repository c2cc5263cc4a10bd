// What a command needs around it to start Electron: system, packages, Node, Electron, display, keyring.
import { electronEnvironment, ensureElectron, missingLibraries } from './electron.mjs';
import { startDesktop } from './desktop.mjs';
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
 * Everything for a window. `ownKeyring` gives it a keyring of its own even where a desktop runs. `desktops`: how many
 * there should be for tests side by side; where a person's desktop runs there is that one alone. `onPackages` is told
 * when there is what a step without a window needs: getting Electron waits for the network more than it works.
 * @param {{ ownKeyring: boolean, desktops?: number, onPackages?: (plain: { node: string, env: object }) => void }} options
 * @returns {Promise<{ node: string, env: object, electron: object, display?: object, desktops: number, end: () => void }>}
 */
export async function windowSession({ ownKeyring, desktops: wanted = 1, onPackages }) {
  const headless = isLinux && !hasDisplay;
  const keyring = isLinux && (ownKeyring || headless);
  await ensureSystem({ display: headless, keyring });
  const { node, env } = await plainSession();
  onPackages?.({ node, env });
  const electron = await ensureElectron();
  const missing = missingLibraries(electron.dist);
  if (missing.length > 0)
    throw new CommandError(`Electron lacks these libraries of the system: ${missing.join(', ')}.`);
  const desktops = [];
  for (let number = 1; number <= (headless ? wanted : 1); number += 1) {
    desktops.push(await startDesktop({ display: headless, keyring, number }));
  }
  const [{ display }] = desktops;
  if (headless) say(`No display here: using Xvfb on ${desktops.map((one) => one.display.display).join(', ')}.`);
  // The tests' workers take one each, by their number; everything else is on the first.
  const several = desktops.length > 1 && { SIGNALBOX_DESKTOPS: JSON.stringify(desktops.map((one) => one.env)) };
  const noGpu = headless && { SIGNALBOX_NO_GPU: '1' };
  return {
    node,
    env: { ...env, ...electronEnvironment(electron), ...desktops[0].env, ...several, ...noGpu },
    electron,
    display,
    desktops: desktops.length,
    end: () => {
      for (const desktop of desktops) desktop.stop();
      endHelpers();
    },
  };
}
