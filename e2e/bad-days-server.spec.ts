// A server that is away, in every manner: said with the reason and since when, what was read stays, what is written is
// refused and kept in its form, and when it is back everything is there once.
import { join } from 'node:path';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { newTaskOf, troublesOf } from './fixtures/pages/troubles.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { startPeer } from './fixtures/peer.ts';
import { startServer } from './fixtures/server.ts';
import { expect, test } from './fixtures/test.ts';

test('a server goes away in every manner and comes back', async ({ launch, folder }) => {
  const server = await startServer(join(folder, 'server'));
  const peer = await startPeer(server.url);
  try {
    const app = await launch({ env: { SIGNALBOX_SERVER_URL: peer.url } });
    const { page } = app;
    const shell = shellOf(app);
    const form = newTaskOf(page);
    const tasks = tasksOf(page);
    // What Chromium or Node say of connections that the test breaks.
    app.allow(/net::ERR_/);
    // A server most likely knows the person already, so its door asks for a sign-in first.
    await page.getByRole('button', { name: 'Create a workspace' }).click();
    await welcomeOf(page).register(ada);
    await shell.live();
    const rest = await signInOverRest(server.url, ada);
    await rest.createTask({ title: 'Before' });
    await shell.go('Tasks');
    await expect(tasks.row('Before')).toBeVisible();
    await form.open();
    await form.title.fill('Sweep the quay');

    // A half-open line: nothing is closed and nothing is answered.
    await peer.be('silent');
    const away = troublesOf(page).banner(/The server (cannot be reached|is not available now)\./);
    await expect(shell.freshness).toContainText('stale since');
    await expect(away).toContainText('it does not answer in time', { timeout: 60_000 });
    await expect(away).toContainText(/What you see is as of/);
    await expect(tasks.row('Before')).toBeVisible();
    await form.create.click();
    const refusal = form.dialog.getByRole('alert');
    await expect(refusal).toContainText('does not answer in time');
    await expect(refusal).toContainText('Nothing was changed');
    await expect(form.title).toHaveValue('Sweep the quay');

    // Each other manner has words of its own, asked for at once.
    const tryNow = away.getByRole('button', { name: 'Try now' });
    await form.dialog.getByRole('button', { name: 'Not now' }).click();
    for (const [manner, words] of [
      ['refuse', 'the connection was refused'],
      ['reset', 'the connection was cut off'],
      [502, 'something before it answers, but does not reach it'],
      [503, 'it says that it is not available now, as in maintenance'],
    ] as const) {
      await peer.be(manner);
      await tryNow.click();
      await expect(away).toContainText(words);
      await expect(away).toContainText(/Next try in \d+ s|Trying now/);
      await expect(tasks.row('Before')).toBeVisible();
    }

    // Work goes on there meanwhile; back, it is caught up on, each thing once.
    await rest.createTask({ title: 'Meanwhile' });
    await peer.be('pass');
    await tryNow.click();
    await shell.live();
    await expect(away).toBeHidden();
    await expect(tasks.row('Meanwhile')).toHaveCount(1);
    await form.open();
    await form.title.fill('Sweep the quay');
    await form.create.click();
    await expect(form.dialog).toBeHidden();
    await expect(tasks.row('Sweep the quay')).toHaveCount(1);
    expect((await rest.tasks()).map(({ title }) => title).toSorted()).toEqual(['Before', 'Meanwhile', 'Sweep the quay']);
  } finally {
    await peer.stop();
    await server.stop();
  }
});

test('a server that is not there at the start is asked again by itself', async ({ launch, folder }) => {
  const server = await startServer(join(folder, 'server'));
  const peer = await startPeer(server.url);
  try {
    await peer.be('refuse');
    const app = await launch({ env: { SIGNALBOX_SERVER_URL: peer.url } });
    const { failure, button } = troublesOf(app.page);
    await expect(failure).toContainText('The server cannot be reached');
    await expect(failure).toContainText('the connection was refused');
    await expect(failure).toContainText('Looked at again by itself');
    await expect(button('Try now')).toBeVisible();
    await peer.be('pass');
    await welcomeOf(app.page).shown();
  } finally {
    await peer.stop();
    await server.stop();
  }
});
