// Several connections: a server beside this computer, each in windows of its own, and nothing of one in the other.
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { AppStatus, Bridge } from '../shared/ipc.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada, type Person } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { startServer } from './fixtures/server.ts';
import { expect, test } from './fixtures/test.ts';

const bo: Person = { organizationName: 'North Depot', name: 'Bo Falk', email: 'bo@depot.example', password: 'snow on the siding' };
const statusOf = (page: Page): Promise<AppStatus> =>
  page.evaluate(() => (globalThis as unknown as { signalbox: Bridge }).signalbox.request('app:status'));

/** An address of this computer at which nothing listens. */
async function freeAddress(): Promise<string> {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  await new Promise((resolve) => taken.close(resolve));
  return `127.0.0.1:${port}`;
}

test('a server is added, lives in a window of its own, crosses nothing, and is forgotten when it is removed', async ({ launch, folder }) => {
  const server = await startServer(join(folder, 'server'));
  try {
    const app = await launch();
    const { page, electron } = app;
    const shell = shellOf(app);
    await welcomeOf(page).register(ada);
    await shell.live();
    const here = await signInOverRest(await app.backendUrl(), ada);
    await shell.go('Tasks');

    // What is wrong with an address is said where it was written.
    const silent = await freeAddress();
    await shell.menu('File', 'Connect to…');
    const dialog = page.getByRole('dialog', { name: 'Connect to a server' });
    const address = dialog.getByLabel('Address');
    for (const [written, words] of [
      ['http://signalbox.example', 'not encrypted'],
      [silent, `Nothing answers at ${silent}`],
    ] as const) {
      await address.fill(written);
      await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
      await expect(dialog.getByText(words)).toBeVisible();
    }
    await address.fill(server.url);
    await dialog.getByLabel('Name').fill('Depot server');
    const opened = electron.waitForEvent('window');
    await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
    const second = await opened;
    await expect(dialog).toBeHidden();
    const depot = shellOf({ page: second, electron });
    const door = welcomeOf(second);
    await door.shown();
    await expect(second.getByText('This window is connected to Depot server.')).toBeVisible();
    await second.getByRole('button', { name: 'Create a workspace' }).click();
    await door.register(bo);
    await depot.live();
    await depot.go('Tasks');

    // Each window has its own session, backend and stream.
    const [first, other] = [await statusOf(page), await statusOf(second)];
    const who = (status: AppStatus) => (status.session.state === 'signed_in' ? status.session.me.organization.name : null);
    expect([who(first), who(other)]).toEqual([ada.organizationName, bo.organizationName]);
    expect([first.connection.name, other.connection.name]).toEqual(['This computer', 'Depot server']);
    await expect(second.locator('footer')).toContainText('Depot server');
    await expect(second.locator('header').first()).toContainText('Depot server');
    const there = await signInOverRest(server.url, bo);
    await here.createTask({ title: 'Only here' });
    await there.createTask({ title: 'Only there' });
    await expect(tasksOf(page).row('Only here')).toBeVisible();
    await expect(tasksOf(second).row('Only there')).toBeVisible();
    await expect(tasksOf(page).row('Only there')).toHaveCount(0);
    await expect(tasksOf(second).row('Only here')).toHaveCount(0);

    // Two tokens, one a connection, neither readable, and no window knows an address of the other.
    const saved = JSON.parse(readFileSync(join(app.userData, 'session.json'), 'utf8')) as {
      sessions: Record<string, { server: string; refreshToken: string }>;
    };
    const kept = Object.entries(saved.sessions);
    expect(kept.map(([id]) => id).toSorted()).toEqual([first.connection.id, other.connection.id].toSorted());
    expect(new Set(kept.map(([, session]) => session.refreshToken)).size).toBe(2);
    expect(saved.sessions[other.connection.id]?.server).toBe(server.url);
    const told = await page.evaluate(() => (globalThis as unknown as { signalbox: Bridge }).signalbox.request('connections:list'));
    expect(JSON.stringify(told)).not.toContain('http');
    expect(JSON.stringify(await statusOf(page))).not.toContain(server.url);

    // Signing out of one leaves the other; its colour is the workspace's.
    const accent = (one: Page) => one.evaluate(() => document.documentElement.dataset.accent);
    expect(await accent(page)).toBe(told.find(({ id }) => id === 'computer')?.accent);
    expect(await accent(second)).toBe(told.find(({ id }) => id === other.connection.id)?.accent);

    await shell.go('Settings');
    await page.getByRole('link', { name: 'Connections' }).click();
    const row = page.getByRole('listitem', { name: 'Depot server' });
    await row.getByRole('button', { name: 'Rename' }).click();
    await row.getByRole('textbox').fill('North');
    await row.getByRole('button', { name: 'Save' }).click();
    await expect(second.locator('footer')).toContainText('North');
    await page.getByRole('listitem', { name: 'North' }).getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog', { name: 'Remove “North”?' }).getByRole('button', { name: 'Remove it' }).click();
    await expect.poll(() => electron.windows().length).toBe(1);
    await expect(page.getByRole('listitem', { name: 'North' })).toHaveCount(0);
    const left = readFileSync(join(app.userData, 'session.json'), 'utf8');
    expect(left).not.toContain(server.url);
    expect(readFileSync(join(app.userData, 'connections.json'), 'utf8')).not.toContain(server.url);
    await shell.live();
    expect(who(await statusOf(page))).toBe(ada.organizationName);
  } finally {
    await server.stop();
  }
});
