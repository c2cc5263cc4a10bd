// The main job: a plan comes out of a document, runs before one's eyes, and survives that the app is closed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, PlanNode } from '../shared/plan.ts';
import { root, type RunningApp } from './fixtures/app.ts';
import { plansOf } from './fixtures/pages/plans.ts';
import { dropDocument, shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest, type Rest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

const document = join(import.meta.dirname, 'fixtures/plans/harbour-survey.md');
const sample = join(root, '../shared/samples/pipeline-orchestration-plan.md');

const succeeded = (plan: Plan): string[] => plan.tasks.filter(({ state }) => state === 'succeeded').map(({ title }) => title);

/** A workspace with a simulator that neither fails nor overruns. `typicalSeconds`: for a task, give or take. */
async function prepare(app: RunningApp, typicalSeconds: number, person = ada): Promise<Rest & { accountId: string }> {
  await shellOf(app).live();
  const rest = await signInOverRest(await app.backendUrl(), person);
  const { accountId } = await rest.simulator('Simulator', { typicalSeconds, failureRate: 0, overrunRate: 0 });
  return { ...rest, accountId };
}

test('a plan is imported, watched, left in the middle and found again; it runs to the end', async ({ launch, folder }) => {
  const first = await launch({ signedIn: true });
  const { page } = first;
  const shell = shellOf(first);
  const plans = plansOf(page);
  // So slow that no machine reads too late what is half done.
  const rest = await prepare(first, 16);

  // File > Import plan, and the document.
  await shell.menu('File', 'Import a plan…');
  await expect(plans.title).toHaveText('Import a plan');
  await shell.answerOpenDialog(document);
  await page.getByRole('button', { name: 'Choose a file' }).click();
  await plans.previewed('⚓ Harbour survey');
  await expect(plans.nodes).toHaveCount(8);
  await expect(plans.edges).toHaveCount(7);
  await expect(page.getByLabel('Floor')).toHaveValue('3');
  await expect(plans.warnings).toContainText('1 warning');
  await plans.warnings.getByRole('button', { name: /line 38.*weather-office/ }).click();
  await expect(plans.warnings.getByText('**DEPENDS ON**: berth-surveyor, crane-inspector, weather-office')).toBeVisible();
  await page.getByRole('tab', { name: /^Tasks/ }).click();
  await expect(page.getByText('Measure the depth at every berth').first()).toBeVisible();
  expect(await rest.plans()).toEqual([]);

  // Nobody is chosen for the person: without a choice the form says what is missing.
  await page.getByRole('button', { name: 'Create plan' }).click();
  await expect(page.getByRole('form', { name: 'Plan' })).toContainText(/choose/i);
  await plans.createOnSimulator();
  await expect(plans.badge).toContainText('Draft');
  await expect(plans.badge.getByRole('img', { name: 'simulated' })).toBeVisible();
  await expect(plans.nodesIn('waiting')).toHaveCount(8);

  // Watched: nodes, lanes and rows change, and nobody reloads anything.
  await plans.start();
  await expect(plans.nodesIn('running').first()).toBeVisible();
  await expect(plans.badge).toContainText('Running');
  await expect(page.getByText(/ of floor 3 running/)).toBeVisible();
  await shell.go('Overview');
  const board = page.getByTestId('board');
  await expect(board.getByRole('gridcell', { name: /, Running, attempt 1/ }).first()).toBeVisible();
  await expect(board.getByRole('rowheader', { name: /tide-reader/ })).toBeVisible();
  await expect(board.getByRole('gridcell', { name: /, Succeeded, attempt 1/ }).first()).toBeVisible();
  await shell.go('Tasks');
  await expect(tasksOf(page).list.getByText('Succeeded').first()).toBeVisible();

  // Left in the middle.
  const [summary] = await rest.plans();
  if (summary === undefined) throw new Error('There is no plan.');
  const { id } = summary;
  const before = await rest.plan(id);
  expect(before.state).toBe('running');
  const done = succeeded(before);
  expect(done.length).toBeGreaterThan(0);
  expect(done.length).toBeLessThan(8);
  // What runs goes on as it began; what begins from now on is quick.
  await rest.call('PATCH', `/api/providers/${rest.accountId}`, { settings: { typicalSeconds: 0.3, failureRate: 0, overrunRate: 0 } });
  await first.quit();

  // Found again: signed in, what was done is done, and the rest goes on by itself.
  const second = await launch();
  const again = shellOf(second);
  const seen = plansOf(second.page);
  await again.live();
  await again.go('Plans');
  await seen.list.getByRole('row').filter({ hasText: 'Harbour survey' }).click();
  for (const title of done) await expect(seen.node(title, 'Succeeded')).toBeVisible();
  await expect(seen.nodesIn('succeeded')).toHaveCount(8, { timeout: 120_000 });
  await expect(seen.badge).toContainText('Succeeded');
  await expect(second.page.getByText('Success criteria · 2 of 2')).toBeVisible();

  // Each task was completed once, and what had been completed before was not done again.
  const restAgain = await signInOverRest(await second.backendUrl(), ada);
  const plan = await restAgain.plan(id);
  for (const node of plan.tasks) {
    const { attempts } = await restAgain.details(node.id);
    expect(attempts.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(1);
    if (done.includes(node.title)) expect(attempts).toHaveLength(1);
  }

  // The report says that it is made up, and can be saved.
  await second.page.getByRole('button', { name: 'Report' }).click();
  const report = second.page.getByRole('region', { name: 'Report' });
  await expect(report).toContainText('Harbour survey');
  await expect(report).toContainText('Simulated');
  const saved = join(folder, 'report.md');
  await second.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, saved);
  await second.page.getByRole('button', { name: 'Save' }).click();
  await expect(second.page.getByText('The report is saved.')).toBeVisible();
  expect(readFileSync(saved, 'utf8')).toContain('Harbour survey');
});

// The sample is beside the checkout where the product is developed, and nowhere else.
if (existsSync(sample)) {
  test('the sample plan is dropped on the window and runs to its end with five active', { tag: '@shared' }, async ({ shared: app }) => {
    const { page } = app;
    const plans = plansOf(page);
    const rest = await prepare(app, 4, app.person);
    // Dropped on the overview: anywhere on the window will do.
    await dropDocument(page, 'pipeline-orchestration-plan.md', readFileSync(sample, 'utf8'));
    await expect(page.getByText('preview · nothing is created yet')).toBeVisible();
    await expect(plans.nodes).toHaveCount(11);
    await expect(plans.edges).toHaveCount(10);
    await expect(page.getByLabel('Floor')).toHaveValue('5');
    await plans.createOnSimulator();
    await plans.start();
    await expect(page.getByText('5 of floor 5 running')).toBeVisible();
    await expect(plans.nodesIn('succeeded')).toHaveCount(11, { timeout: 120_000 });
    await expect(plans.badge).toContainText('Succeeded');

    const [summary] = await rest.plans();
    const { tasks } = await rest.plan(summary?.id ?? '');
    expect(mostAtOnce(tasks)).toBeGreaterThanOrEqual(5);
  });
}

/** The most tasks that ran at the same time, from when each started and finished. */
function mostAtOnce(tasks: PlanNode[]): number {
  const changes = tasks.flatMap(({ startedAt, finishedAt }) => [
    { at: startedAt ?? '', by: 1 },
    { at: finishedAt ?? '', by: -1 },
  ]);
  let running = 0;
  let most = 0;
  for (const { by } of changes.toSorted((a, b) => a.at.localeCompare(b.at) || a.by - b.by)) {
    running += by;
    most = Math.max(most, running);
  }
  return most;
}
