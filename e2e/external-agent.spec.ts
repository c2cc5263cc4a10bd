// A program of somebody's: its agent is created, it is connected by the shown command, and its work is seen live.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Claim } from '../shared/work.ts';
import { agentsOf } from './fixtures/pages/agents.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { restWith } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

const run = promisify(execFile);
const title = 'Weigh the crates of berth 4';

test('a program claims with the command that is shown, works, and completes; the window follows', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  const agents = agentsOf(page);
  const tasks = tasksOf(page);
  await shell.live();

  await shell.go('Agents');
  await agents.createExternal('crate-weigher');
  const connect = agents.connect('crate-weigher');
  await expect(connect.getByText('Waiting for its first heartbeat…')).toBeVisible();
  await connect.getByRole('button', { name: 'Create key' }).click();
  const key = (await connect.getByLabel('API key', { exact: true }).textContent()) ?? '';
  await connect.getByText('One claim').click();
  const command = (await connect.locator('pre').textContent()) ?? '';
  expect(command).toContain(key);
  const question = page.getByRole('dialog', { name: 'Close without the key?' });
  await page.keyboard.press('Escape');
  await expect(question).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await connect.getByRole('button', { name: 'Copy: API key' }).click();
  await expect(connect.getByRole('button', { name: 'Copied: API key' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(connect).toBeHidden();
  await expect(agents.row('crate-weigher')).toContainText('Offline');

  await shell.go('Tasks');
  await tasks.create({ title, instructions: 'Use the **small** scale.', agent: 'crate-weigher' });
  const details = tasks.details(title);
  await expect(details).toContainText('Queued');
  await expect(tasks.row(title)).toContainText('crate-weigher');

  // In a shell, as a person pastes it.
  const { stdout } = await run('sh', ['-c', await runnable(command)]);
  const claim = JSON.parse(stdout) as Claim;
  expect(claim.task).toMatchObject({ title, instructions: 'Use the **small** scale.', state: 'running', attempt: 1 });
  await expect(tasks.row(title)).toContainText('Running');
  await expect(details).toContainText('Running');
  await shell.go('Agents');
  await expect(agents.row('crate-weigher')).toContainText('Busy');
  await expect(agents.row('crate-weigher')).toContainText('1 / 1');

  // What it reports is on screen as it reports it.
  const program = restWith(await app.backendUrl(), key);
  const leaseToken = claim.lease.token;
  await shell.go('Tasks');
  await tasks.row(title).click();
  await program.work(claim.task.id, 'progress', { leaseToken, percent: 40, message: 'Two of five crates' });
  await expect(details).toContainText('40% done');
  await expect(details).toContainText('Two of five crates');
  await program.work(claim.task.id, 'findings', { leaseToken, title: 'Crate 3 is damp', severity: 'urgent', body: 'Since Monday.' });
  await expect(details.getByRole('tab', { name: /Findings\s*1/ })).toBeVisible();

  // A token that is no longer the current one changes nothing.
  const stale = program.work(claim.task.id, 'complete', { leaseToken: 'not-the-token', output: 'Nothing.' });
  await expect(stale).rejects.toMatchObject({ status: 409, code: 'lease_lost' });
  await expect(details).toContainText('Running');

  await program.work(claim.task.id, 'complete', { leaseToken, output: '# Weights\n\nAll five crates: **412 kg**.' });
  await expect(tasks.row(title)).toContainText('Succeeded');
  await details.getByRole('tab', { name: 'Output' }).click();
  await expect(details.getByRole('heading', { name: 'Weights' })).toBeVisible();
  await expect(details.getByText('412 kg')).toBeVisible();

  await shell.go('Agents');
  await expect(agents.row('crate-weigher')).toContainText('Idle');
  await shell.go('Overview');
  const needs = page.getByRole('region', { name: 'Needs a person' });
  await expect(needs).toContainText('Crate 3 is damp');
  await needs.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(needs).not.toContainText('Crate 3 is damp');
});

/** Where there is no curl, a function of that name does what the command asks of it. */
async function runnable(command: string): Promise<string> {
  const found = await run('sh', ['-c', 'command -v curl']).then(() => true, () => false);
  if (found) return command;
  const script = `const a = process.argv.slice(1), o = { headers: {} };
    for (let i = 0; i < a.length; i++) {
      if (a[i] === '-X') o.method = a[++i];
      else if (a[i] === '-H') { const [n, ...v] = a[++i].split(': '); o.headers[n] = v.join(': '); }
      else if (a[i] === '-d') o.body = a[++i];
      else if (!a[i].startsWith('-')) o.url = a[i];
    }
    fetch(o.url, o).then((r) => r.text()).then((t) => process.stdout.write(t));`;
  return `curl() { '${process.execPath}' -e "$CURL_SCRIPT" -- "$@"; }\nCURL_SCRIPT='${script.replaceAll("'", "'\\''")}'\n${command}`;
}
