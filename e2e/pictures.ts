// Draws docs/pictures from the running application: a made-up company at work for half an hour, in light and dark.
// SIGNALBOX_PICTURES_MINUTES shortens the half hour; the board of lanes then has that much less on it.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Claim } from '../shared/work.ts';
import { root, type RunningApp } from './fixtures/app.ts';
import * as company from './fixtures/brightwater.ts';
import { startCrew, type Course, type Worker } from './fixtures/crew.ts';
import { plansOf } from './fixtures/pages/plans.ts';
import { dropDocument, shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { signInOverRest, type Rest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

const minutes = Number(process.env.SIGNALBOX_PICTURES_MINUTES ?? 28);
const committed = join(root, 'docs/pictures');
const review = join(root, 'test-results/review');
const sizes = [
  [1440, 900],
  [1024, 700],
  [1920, 1080],
] as const;
const themes = ['dark', 'light'] as const;
type Theme = (typeof themes)[number];

const LATE = 'Photograph the seals of 60 containers';
const DYING = ['Replan tour 118 again', 'Price the detour of tour 118', 'Replan tour 131 around the bridge'];
const FAILED = DYING[0] ?? '';

test.setTimeout((minutes + 15) * 60_000);

test('the pictures of the documentation', async ({ app }) => {
  for (const folder of [committed, review]) mkdirSync(folder, { recursive: true });
  const { page } = app;
  const shell = shellOf(app);
  await welcomeOf(page).shown();
  await setTheme(app, 'dark');
  await eachTheme(app, shoot(app, 'welcome'));

  await welcomeOf(page).register(company.mara);
  await shell.live();
  const crew = await work(app);
  try {
    await draw(app);
  } finally {
    await crew.stop();
  }
});

/** The screens, in the order in which what they show is at its best. */
async function draw(app: RunningApp): Promise<void> {
  const { page } = app;
  const shell = shellOf(app);

  const plans = plansOf(page);
  await shell.go('Overview');
  await expect(page.getByTestId('board')).toBeVisible();
  await eachTheme(app, shoot(app, 'overview'));

  await shell.go('Plans');
  await eachTheme(app, shoot(app, 'plans', review));
  await plans.list.getByRole('row').filter({ hasText: company.plans.release.name }).click();
  await expect(plans.nodes).toHaveCount(company.plans.release.tasks.length);
  await eachTheme(app, shoot(app, 'plan'));
  await plans.nodesIn('running').first().click();
  await eachTheme(app, shoot(app, 'plan-step', review));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Report' }).click();
  await expect(page.getByRole('region', { name: 'Report' })).toBeVisible();
  await eachTheme(app, shoot(app, 'plan-report', review));
  await page.keyboard.press('Escape');

  await shell.go('Tasks');
  await tasksOf(page).row(FAILED).first().click();
  await expect(tasksOf(page).details(FAILED)).toBeVisible();
  await eachTheme(app, shoot(app, 'tasks'));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New task' }).first().click();
  await eachTheme(app, shoot(app, 'new-task', review));
  await page.keyboard.press('Escape');

  await shell.go('Agents');
  await page.getByRole('grid', { name: 'Agents' }).getByRole('row').filter({ hasText: 'security-auditor' }).click();
  await eachTheme(app, shoot(app, 'agents'));
  await page.keyboard.press('Escape');

  await shell.go('Findings');
  await page.getByRole('grid', { name: 'Findings' }).getByText('The carrier webhook accepts an empty signature').first().click();
  await expect(page.getByRole('complementary', { name: /empty signature/ })).toBeVisible();
  await eachTheme(app, shoot(app, 'findings'));
  await page.keyboard.press('Escape');

  await shell.go('Settings');
  await eachTheme(app, shoot(app, 'settings', review));

  const document = readFileSync(join(import.meta.dirname, 'fixtures/plans/harbour-survey.md'), 'utf8');
  await dropDocument(page, 'harbour-survey.md', document);
  await plans.previewed('⚓ Harbour survey');
  await page.getByRole('radio', { name: /^Provider account/ }).check();
  await plans.warnings.getByRole('button', { name: /^line 38/ }).click();
  await eachTheme(app, shoot(app, 'plan-preview'));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('door');
  await expect(page.getByRole('dialog', { name: 'Omnibox' }).getByText('door sensor', { exact: false }).first()).toBeVisible();
  await eachTheme(app, shoot(app, 'omnibox', review));
}

/** Half an hour of work, so timed that it is at its best at the end. */
async function work(app: RunningApp): Promise<{ stop(): Promise<void> }> {
  const url = await app.backendUrl();
  const rest = renewing(url);
  const crew = startCrew(url, await hire(await rest()));
  const ids = await makePlans(await rest());
  const end = Date.now() + minutes * 60_000;
  const steps: [minutesBeforeEnd: number, run: (rest: Rest) => Promise<unknown>][] = [
    [28, (now) => now.startPlan(ids.timetable)],
    [19, (now) => now.startPlan(ids.contracts)],
    [17, (now) => now.startPlan(ids.cleanup)],
    [13.4, (now) => giveTo(now, { agent: 'dock-scanner', title: LATE })],
    [12, (now) => now.call('POST', `/api/plans/${ids.cleanup}/pause`, {})],
    [7.5, (now) => now.startPlan(ids.release)],
    [5, (now) => now.createTask({ title: 'Approve: send the letters to 14 carriers', kind: 'approval' })],
    ...DYING.map((title, index): (typeof steps)[number] => [
      4 - index * 0.3,
      (now) => giveTo(now, { agent: index === 1 ? 'cost-analyst' : 'route-planner', title, maxAttempts: 1, priority: 9 }),
    ]),
    ...company.errands.map(([agent, title], index): (typeof steps)[number] => [
      27.5 - index * 0.75,
      (now) => giveTo(now, { agent, title, priority: 3 }),
    ]),
  ];
  for (const [before, run] of steps.toSorted((a, b) => b[0] - a[0])) {
    const wait = end - before * 60_000 - Date.now();
    if (wait > 0) await pause(wait);
    await run(await rest());
  }
  await pause(Math.max(0, end - Date.now()));
  return crew;
}

/** A token lives a quarter of an hour, and signing in too often is refused. */
function renewing(url: string): () => Promise<Rest> {
  let known: { rest: Rest; at: number } | null = null;
  return async () => {
    if (known === null || Date.now() - known.at > 10 * 60_000) known = { rest: await signInOverRest(url, company.mara), at: Date.now() };
    return known.rest;
  };
}

/** The company's agents; those that are programs get a key each. */
async function hire(rest: Rest): Promise<Worker[]> {
  const provider = await rest.simulator('Simulator', { typicalSeconds: 110, failureRate: 0.12, overrunRate: 0.05, seed: 7 });
  for (const member of company.hosted) await rest.createAgent({ ...member, kind: 'hosted', provider });
  const known = [...company.findings];
  const workers: Worker[] = [];
  const programs = [...company.external, { name: 'dock-scanner', role: 'Reads seals and labels at the gate', capabilities: ['scans'] }];
  for (const member of programs) {
    const agent = await rest.createAgent({ ...member, kind: 'external' });
    const { key } = await rest.call<{ key: string }>('POST', '/api/auth/keys', {
      name: `${member.name} at the yard`,
      scopes: ['agent'],
      agentId: agent.id,
    });
    workers.push({ name: member.name, key, course: (claim) => courseOf(member.name, claim, known) });
  }
  return workers;
}

function courseOf(name: string, { task, lease }: Claim, known: typeof company.findings): Course {
  const random = hash(`${task.title} ${lease.attempt} ${task.handoffs}`);
  const dies = DYING.includes(task.title);
  const error = company.failures[name];
  const fails = dies || (error !== undefined && random < 0.12);
  const at = task.planId === null ? -1 : known.findIndex(({ agent }) => agent === name);
  const finding = at < 0 ? undefined : known.splice(at, 1)[0];
  return {
    seconds: task.title === LATE ? 3_600 : dies ? 12 : Math.round(45 * 5 ** hash(task.title)),
    ending: fails ? 'fail' : random > 0.95 ? 'handoff' : 'complete',
    output: company.outputOf(task.title, name),
    ...(error === undefined ? {} : { error }),
    ...(finding === undefined ? {} : { finding }),
    costUsd: (0.02 + random * 0.14).toFixed(4),
  };
}

/** A number from 0 to 1 that the text alone decides. */
function hash(text: string): number {
  let state = 2_166_136_261;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return ((state ^ (state >>> 15)) >>> 0) / 4_294_967_296;
}

async function makePlans(rest: Rest): Promise<Record<keyof typeof company.plans, string>> {
  const ids: [string, string][] = [];
  for (const [name, plan] of Object.entries(company.plans)) ids.push([name, (await rest.createPlan(plan)).id]);
  return Object.fromEntries(ids) as Record<keyof typeof company.plans, string>;
}

interface Errand {
  agent: string;
  title: string;
  priority?: number;
  maxAttempts?: number;
}
async function giveTo(rest: Rest, { agent, ...task }: Errand): Promise<void> {
  const found = (await rest.agents()).find(({ name }) => name === agent);
  await rest.createTask({ ...task, ...(found ? { agentId: found.id } : {}), instructions: `${task.title}, please.` });
}

async function setTheme(app: RunningApp, theme: Theme): Promise<void> {
  await shellOf(app).menu('View', theme === 'dark' ? 'Dark theme' : 'Light theme');
  await expect(app.page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
}

type Shot = (theme: Theme) => Promise<void>;

async function eachTheme(app: RunningApp, shot: Shot): Promise<void> {
  for (const theme of themes) {
    await setTheme(app, theme);
    await shot(theme);
  }
}

/** The committed picture at 1440×900; all sizes for whoever looks them through. */
function shoot(app: RunningApp, name: string, folder = committed): Shot {
  return async (theme) => {
    for (const [width, height] of sizes) {
      await resize(app, width, height);
      const large = width === 1440;
      const path = large ? join(folder, `${name}-${theme}.png`) : join(review, `${name}-${theme}-${width}.png`);
      await app.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    }
    await resize(app, ...sizes[0]);
  };
}

async function resize(app: RunningApp, width: number, height: number): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
  await app.page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, { width, height });
  // What follows the size of its frame, as the graph and the charts, has been drawn again two frames later.
  await app.page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) {
      const { promise, resolve } = Promise.withResolvers<number>();
      requestAnimationFrame(resolve);
      await promise;
    }
  });
}
