// The habits of a desktop application: several windows, what closing means, notifications, links, undo, zoom, print.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { startAgain, type RunningApp } from './fixtures/app.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { ada, type Person } from './fixtures/people.ts';
import { signInOverRest, type Rest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

/** Registered, live, and with a way in for the test. */
async function begin(app: RunningApp, person: Person = ada): Promise<Rest> {
  await shellOf(app).live();
  return signInOverRest(await app.backendUrl(), person);
}

/** The next window that opens. */
async function nextWindow(app: RunningApp, open: () => Promise<unknown>): Promise<Page> {
  const opened = app.electron.waitForEvent('window');
  await open();
  return opened;
}

/** Two tasks at work for as long as a test may take. */
async function startWork(rest: Rest): Promise<void> {
  const provider = await rest.simulator('Slow', { typicalSeconds: 600, failureRate: 0, overrunRate: 0 });
  const agent = await rest.createAgent({ name: 'stocktaker', kind: 'hosted', provider, concurrency: 2 });
  for (const shelf of [1, 2]) await rest.createTask({ title: `Count shelf ${shelf}`, agentId: agent.id });
  await expect.poll(async () => (await rest.tasks('&state=running')).length).toBe(2);
}

const closeWindow = (electron: ElectronApplication): Promise<void> =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());

/** The system's question cannot be driven: it is answered in main, and what it said is kept. */
async function answerQuestion(electron: ElectronApplication, button: string, remember = false): Promise<void> {
  await electron.evaluate(
    ({ dialog }, given) => {
      Object.assign(globalThis, { asked: null });
      dialog.showMessageBox = (...args: unknown[]) => {
        const question = args.at(-1) as { message: string; detail: string; buttons: string[] };
        Object.assign(globalThis, { asked: question });
        return Promise.resolve({ response: question.buttons.indexOf(given.button), checkboxChecked: given.remember });
      };
    },
    { button, remember },
  );
}
const asked = (electron: ElectronApplication) =>
  electron.evaluate(() => (globalThis as unknown as { asked: { message: string; detail: string; buttons: string[] } | null }).asked);

test('two windows are live at once, each at its place, and both are back after a restart', async ({ launch }) => {
  const app = await launch({ signedIn: true });
  const rest = await begin(app);
  const shell = shellOf(app);
  await shell.go('Tasks');
  const second = await nextWindow(app, () => shell.menu('File', 'New window'));
  const other = shellOf({ page: second, electron: app.electron });
  await other.live();
  await expect(second.getByRole('heading', { level: 1, name: 'Tasks' })).toBeVisible();
  await other.go('Agents');
  // One change, seen in both.
  await rest.createAgent({ name: 'lamp-checker', kind: 'external' });
  await rest.createTask({ title: 'Check the port lamp' });
  await expect(second.getByRole('grid', { name: 'Agents' }).getByText('lamp-checker')).toBeVisible();
  await expect(tasksOf(app.page).row('Check the port lamp')).toBeVisible();
  const titles = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.getTitle()).toSorted());
  await expect.poll(titles).toEqual([`Agents · ${ada.organizationName} · This computer`, `Tasks · ${ada.organizationName} · This computer`]);
  // The Window menu lists them, and leads to them.
  await shell.menu('Window', `Tasks · ${ada.organizationName} · This computer`);

  // The size of the text is the windows' own, and is remembered with them.
  await shell.menu('View', 'Zoom in');
  const zooms = (from: RunningApp) =>
    from.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => Math.round(window.webContents.getZoomFactor() * 100)),
    );
  await expect.poll(() => zooms(app)).toEqual([110, 110]);
  await app.quit();

  const again = await launch();
  await expect.poll(() => again.electron.windows().length).toBe(2);
  const headings = async () => {
    const all = await Promise.all(again.electron.windows().map((page) => page.getByRole('heading', { level: 1 }).textContent()));
    return all.toSorted();
  };
  for (const page of again.electron.windows()) await shellOf({ page, electron: again.electron }).live();
  expect(await headings()).toEqual(['Agents', 'Tasks']);
  await expect.poll(() => zooms(again)).toEqual([110, 110]);
  // Closing one keeps the other.
  await closeWindow(again.electron);
  await expect.poll(() => again.electron.windows().length).toBe(1);
  expect(again.runs()).toBe(true);
});

test('closing while work runs asks once; staying, minimising and quitting do as they say', async ({ launch }) => {
  const app = await launch({ signedIn: true });
  const { electron } = app;
  await startWork(await begin(app));

  await answerQuestion(electron, 'Stay here');
  await closeWindow(electron);
  await expect.poll(async () => (await asked(electron))?.message).toBe('2 tasks run on this computer.');
  // No tray here: it says so, and offers what does not lose the window.
  expect(await asked(electron)).toMatchObject({
    buttons: ['Keep running, minimised', 'Quit and put them back', 'Stay here'],
    detail: expect.stringContaining('no tray'),
  });
  expect(electron.windows()).toHaveLength(1);

  await answerQuestion(electron, 'Keep running, minimised', true);
  const calls = await electron.evaluateHandle(({ BrowserWindow }) => {
    const minimised: number[] = [];
    const [window] = BrowserWindow.getAllWindows();
    if (window) window.minimize = () => void minimised.push(window.id);
    return minimised;
  });
  await closeWindow(electron);
  await expect.poll(() => calls.evaluate((list) => list.length)).toBe(1);
  expect(JSON.parse(readFileSync(join(app.userData, 'preferences.json'), 'utf8'))).toMatchObject({ closing: 'background' });
  // Remembered: nobody is asked again, until the settings say otherwise.
  await answerQuestion(electron, 'Stay here');
  await closeWindow(electron);
  await expect.poll(() => calls.evaluate((list) => list.length)).toBe(2);
  expect(await asked(electron)).toBeNull();
  await app.page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Settings' }).click();
  await app.page.getByRole('link', { name: 'Closing and sleep' }).click();
  await expect(app.page.getByText('This desktop shows no tray')).toBeVisible();
  await app.page.getByRole('radio', { name: /^Ask me/ }).check();

  await answerQuestion(electron, 'Quit and put them back');
  await closeWindow(electron);
  await expect.poll(() => app.runs(), { timeout: 30_000 }).toBe(false);

  // What ran was put back, and is taken up again.
  const again = await launch();
  await shellOf(again).live();
  const rest = await signInOverRest(await again.backendUrl(), ada);
  const states = (await rest.tasks()).map(({ state }) => state);
  expect(states).toHaveLength(2);
  expect(states.every((state) => state === 'queued' || state === 'running')).toBe(true);
});

test('without running work, closing the last window quits and asks nothing', async ({ signedIn: app }) => {
  await begin(app);
  await answerQuestion(app.electron, 'Stay here');
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => undefined);
  await expect.poll(() => app.runs(), { timeout: 30_000 }).toBe(false);
});

test('where the desktop has a tray, it counts, pauses, hides and brings back', async ({ launch, folder }) => {
  // Whether icons are shown is asked of the session bus by a program; here one that says yes.
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  writeFileSync(join(programs, 'dbus-send'), '#!/bin/sh\necho "   boolean true"\n');
  chmodSync(join(programs, 'dbus-send'), 0o755);
  const app = await launch({ signedIn: true, env: { PATH: `${programs}:${process.env.PATH ?? ''}` } });
  const { electron } = app;
  await electron.evaluate(({ Tray }) => {
    const seen: { tip: string; items: { label: string; click(): void }[] } = { tip: '', items: [] };
    Object.assign(globalThis, { tray: seen });
    Tray.prototype.setToolTip = (tip) => void (seen.tip = tip);
    Tray.prototype.setContextMenu = (menu) => void (seen.items = (menu as Electron.Menu).items as unknown as typeof seen.items);
  });
  const rest = await begin(app);
  await startWork(rest);
  interface Seen {
    tray: { tip: string; items: { label: string; click(): void }[] };
  }
  const tip = () => electron.evaluate(() => (globalThis as unknown as Seen).tray.tip);
  await expect.poll(tip).toContain('2 running, 0 queued');
  const choose = (label: string) =>
    electron.evaluate((_electron, wanted) => {
      const item = (globalThis as unknown as Seen).tray.items.find((one) => one.label === wanted);
      if (!item) throw new Error(`The tray has no ${wanted}.`);
      item.click();
    }, label);
  await choose('Pause everything');
  await expect.poll(tip).toContain('paused');
  await expect.poll(async () => (await rest.call<{ paused: boolean }>('GET', '/api/workspace')).paused).toBe(true);
  await choose('Resume');
  await expect.poll(tip).not.toContain('paused');

  await answerQuestion(electron, 'Keep running in the tray');
  await closeWindow(electron);
  await expect.poll(() => electron.windows().length).toBe(0);
  expect(app.runs()).toBe(true);
  // The work goes on without a window.
  expect((await rest.tasks('&state=running')).length).toBe(2);
  const back = await nextWindow(app, () => choose('Open Signalbox'));
  await shellOf({ page: back, electron }).live();
  choose('Quit').catch(() => undefined);
  await expect.poll(() => app.runs(), { timeout: 30_000 }).toBe(false);
});

test('a notification tells what no window in front shows, once, and leads to it', { tag: '@shared' }, async ({ shared: app }) => {
  const { electron } = app;
  const rest = await begin(app, app.person);
  const agent = await rest.createAgent({ name: 'lamp-checker', kind: 'external' });
  await electron.evaluate(({ Notification }) => {
    const told: Electron.Notification[] = [];
    Object.assign(globalThis, { told });
    Notification.isSupported = () => true;
    Notification.prototype.show = function show() {
      told.push(this);
    };
  });
  const told = () => electron.evaluate(() => (globalThis as unknown as { told: Electron.Notification[] }).told.map(({ title, body }) => `${title}: ${body}`));
  const fail = async (title: string): Promise<void> => {
    await rest.createTask({ title, agentId: agent.id, maxAttempts: 1 });
    const claim = await rest.claim({ agentId: agent.id });
    await rest.work(claim?.task.id ?? '', 'fail', { leaseToken: claim?.lease.token ?? '', error: 'The ladder is too short.' });
  };
  await shellOf(app).go('Usage');
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.blur());
  await fail('Check the port lamp');
  await expect.poll(told).toEqual([`Task failed: Check the port lamp\nThe ladder is too short.\n${app.person.organizationName}`]);
  await electron.evaluate(() => (globalThis as unknown as { told: Electron.Notification[] }).told[0]?.emit('click'));
  await expect(tasksOf(app.page).details('Check the port lamp')).toBeVisible();

  // Several at once are one, and not told twice.
  await shellOf(app).go('Usage');
  for (const lamp of ['stern', 'mast', 'bow']) await fail(`Check the ${lamp} lamp`);
  await expect.poll(async () => (await told()).length, { timeout: 20_000 }).toBeGreaterThan(1);
  const later = (await told()).slice(1).join(' ');
  expect(later).toMatch(/tasks failed: |Task failed: /);
  expect((await told()).length).toBeLessThanOrEqual(3);

  // The settings show one on demand, and take a kind away.
  await shellOf(app).go('Settings');
  await app.page.getByRole('link', { name: 'Notifications' }).click();
  await app.page.getByRole('button', { name: 'Show a test notification' }).click();
  await expect.poll(async () => (await told()).at(-1)).toContain('A test notification');
});

test('a link opens its place in the window that runs; a foreign or broken one is explained and does nothing', { tag: '@shared' }, async ({ shared: app }) => {
  const { electron, page } = app;
  const rest = await begin(app, app.person);
  const task = await rest.createTask({ title: 'Check the port lamp' });
  await shellOf(app).go('Tasks');
  await tasksOf(page).row('Check the port lamp').click();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText('The link to this is copied.')).toBeVisible();
  const link = await electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(link).toMatch(new RegExp(`^signalbox://[0-9a-f-]{36}/tasks/${task.id}$`));

  await shellOf(app).go('Overview');
  expect(await startAgain(app.userData, link)).toBe(0);
  await expect(tasksOf(page).details('Check the port lamp')).toBeVisible();
  expect(electron.windows()).toHaveLength(1);

  await answerQuestion(electron, 'Close');
  const foreign = 'signalbox://0192f3c1-7d40-7e11-9f00-0c8a3f1b2d4e/settings';
  expect(await startAgain(app.userData, foreign)).toBe(0);
  await expect.poll(async () => (await asked(electron))?.message).toBe('This link is of a workspace that you have not opened here.');
  await answerQuestion(electron, 'Close');
  expect(await startAgain(app.userData, 'signalbox://computer/tasks/../../etc/passwd')).toBe(0);
  await expect.poll(async () => (await asked(electron))?.message).toBe('This link cannot be opened.');
  await expect(tasksOf(page).details('Check the port lamp')).toBeVisible();
});

test('what was done is undone by Ctrl+Z, and back and forward walk the places', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  const tasks = tasksOf(page);
  const rest = await begin(app, app.person);
  const agent = await rest.createAgent({ name: 'lamp-checker', kind: 'external' });
  await rest.createTask({ title: 'Check the port lamp', agentId: agent.id });
  await shell.go('Tasks');
  await tasks.row('Check the port lamp').click();
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'Cancel this task' }).click();
  await expect(tasks.row('Check the port lamp')).toContainText('Cancelled');
  // The row may be told by the stream before the dialog has its own answer and closes.
  await expect(page.getByText('“Check the port lamp” is cancelled.')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(tasks.row('Check the port lamp')).toContainText('Queued');
  await expect(page.getByText(/^Undone\./)).toBeVisible();

  await shell.go('Agents');
  const heading = (name: string) => page.getByRole('heading', { level: 1, name });
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await expect(heading('Tasks')).toBeVisible();
  await shell.menu('Go', 'Forward');
  await expect(heading('Agents')).toBeVisible();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(heading('Tasks')).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new MouseEvent('mouseup', { button: 4 })));
  await expect(heading('Agents')).toBeVisible();
});

test('a list is printed whole, in light, without the window around it', { tag: '@shared' }, async ({ shared: app }) => {
  const { electron, page } = app;
  const rest = await begin(app, app.person);
  for (let lamp = 1; lamp <= 90; lamp += 1) await rest.createTask({ title: `Check lamp ${lamp}` });
  await shellOf(app).menu('View', 'Dark theme');
  await shellOf(app).go('Tasks');
  await expect(tasksOf(page).list.getByText('Check lamp 90', { exact: true })).toBeVisible();
  // Ctrl+P asks main for the system's dialog.
  await electron.evaluate(({ BrowserWindow }) => {
    const asked: unknown[] = [];
    Object.assign(globalThis, { printed: asked });
    const [window] = BrowserWindow.getAllWindows();
    if (window) window.webContents.print = (options) => void asked.push(options);
  });
  await page.keyboard.press('Control+p');
  await expect.poll(() => electron.evaluate(() => (globalThis as unknown as { printed: unknown[] }).printed.length)).toBe(1);

  const pdf = await electron.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const made = await window?.webContents.printToPDF({ printBackground: true, pageSize: 'A4', preferCSSPageSize: false });
    return made?.toString('latin1') ?? '';
  });
  expect(pdf.startsWith('%PDF')).toBe(true);
  const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  // Ninety rows do not fit on one page: all of them are there, not only those in sight.
  expect(pages).toBeGreaterThanOrEqual(2);

  await page.emulateMedia({ media: 'print' });
  const looks = await page.evaluate(() => ({
    ground: getComputedStyle(document.body).getPropertyValue('--bg').trim(),
    chrome: [...document.querySelectorAll('header, nav, footer')].filter((part) => (part as HTMLElement).offsetParent !== null && !part.closest('main')).length,
  }));
  expect(looks).toEqual({ ground: '#fff', chrome: 0 });
  await page.emulateMedia({ media: null });
});
