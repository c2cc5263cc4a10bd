// The entry of the main process: opens the first window at once, with what it showed last, and has the console loaded
// behind it. What is imported here stands between a click on the icon and a window, so it is little: no zod, no stores.
import { app, dialog, nativeTheme, safeStorage } from 'electron';
import { join } from 'node:path';
import type { StartState } from '../shared/ipc.ts';
import { systemClock } from './embedded/backend.ts';
import { answerEarly } from './ipc/early.ts';
import { guardContents } from './native/guards.ts';
import { pageOf, registerPageScheme, servePage } from './native/page.ts';
import { chooseUserData, findPlaces } from './native/places.ts';
import { groundColour } from './native/theme.ts';
import { openWindow, type WindowParts } from './native/windows.ts';
import { openKeychain } from './session/keychain.ts';
import { textFactorOf } from '../shared/text-size.ts';
import { buildOf, firstWindowOf, homeOf, readJsonFile, readTextFile, rememberedOf, themeOf } from './start/first-window.ts';
import { firstPageOf, parseShown } from './start/first-page.ts';
import { holdEvents } from './start/held-events.ts';
import { readShown } from './start/last-shown.ts';

/** The console is loaded by then whether or not the window has said that it has painted. */
const LOAD_WITHIN_MS = 2_000;

const environment = process.env;
// Nobody reads what is written there, or its disk is full: no reason to end.
process.stderr.on('error', () => undefined);
process.stdout.on('error', () => undefined);
const page = pageOf(app.isPackaged ? undefined : environment.ELECTRON_RENDERER_URL);

app.setName('Signalbox');
chooseUserData(app, environment);
// Root cannot have Chromium's sandbox (containers); asking for it there ends in a crash loop.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerPageScheme();

// One instance a user-data folder: two would write the same stores and the same database.
if (app.requestSingleInstanceLock()) {
  guardContents(app, page.origins);
  const held = holdEvents(app);
  // Not awaited: an ESM main that awaits at its top level never becomes ready.
  app.whenReady().then(() => begin(held.release)).catch(giveUp);
} else {
  app.quit();
}

/** `release` lets out what the system asked for meanwhile: a second start, a link. */
async function begin(release: () => void): Promise<void> {
  const places = findPlaces(app.getPath('userData'), import.meta.dirname, environment);
  const preferences = readJsonFile(join(places.userData, 'preferences.json'));
  const saved = firstWindowOf(readJsonFile(join(places.userData, 'windows.json')));
  nativeTheme.themeSource = themeOf(preferences);
  let firstPage: string | null = null;
  servePage(page, places.renderer, () => {
    const taken = firstPage;
    firstPage = null;
    return taken;
  });
  const look: WindowParts = {
    preload: places.preload,
    icon: places.icon,
    address: page.address,
    background: () => groundColour(nativeTheme.shouldUseDarkColors),
    textFactor: () => textFactorOf(preferences.textSize),
    developerTools: !app.isPackaged,
    clock: systemClock,
  };
  const { promise: shownOrLate, resolve: load } = Promise.withResolvers<void>();
  const requests = answerEarly({ origins: page.origins, start: () => start, onShown: load });
  const first = { saved, window: openWindow(look, saved) };

  const index = readTextFile(join(places.renderer, 'index.html')) ?? '';
  const build = buildOf(index, app.getVersion());
  const keychain = openKeychain(safeStorage, process.platform);
  const { connection } = saved;
  const remembered = rememberedOf(readJsonFile(join(places.userData, 'session.json')), connection);
  const home = homeOf(readJsonFile(join(places.userData, 'connections.json')), connection, places.dataDir);
  // A session of another backend than the one that this window will have is none.
  const holds = home !== null && remembered.server === home;
  const shown = holds ? parseShown(readShown({ folder: places.lastShown, connection, build }, remembered, keychain)) : null;
  if (shown !== null) {
    const { path } = saved;
    firstPage = firstPageOf({ index, shown, path, dark: nativeTheme.shouldUseDarkColors, now: Date.now() });
  }
  const start: StartState = { preferences, shown: shown && JSON.stringify({ ...shown, picture: null }) };

  // With something to show the window comes first, as both want this process; without, it waits for the console.
  if (shown !== null) {
    systemClock.after(LOAD_WITHIN_MS, load);
    await shownOrLate;
  }
  const { startConsole } = await import('./main.ts');
  startConsole({ page, places, look, first, build, keychain, requests });
  release();
}

/** Nothing is open yet, so the system says it: most likely the user's folder cannot be written. */
function giveUp(cause: unknown): void {
  const reason = cause instanceof Error ? cause.message : 'The reason is not known.';
  dialog.showErrorBox('Signalbox cannot start', `${reason}\n\nIts folder is ${app.getPath('userData')}.`);
  app.exit(1);
}
