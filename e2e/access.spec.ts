// For people who enlarge, who force their colours, and who listen: the window as they have it, in one application.
import type { Page } from '@playwright/test';
import type { RunningApp } from './fixtures/app.ts';
import { newTaskOf } from './fixtures/pages/troubles.ts';
import { shellOf, type PlaceName } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';
import { layoutProblems } from './stories/layout.ts';

const places: PlaceName[] = [
  'Overview', 'Agents', 'Providers', 'Tasks', 'Queues', 'Plans', 'Findings', 'Live operation', 'Bulk jobs', 'Usage', 'Budgets',
  'Security reviews', 'Audit', 'Settings',
];

/** A workspace with something in each state. */
async function begin(app: RunningApp): Promise<void> {
  await shellOf(app).live();
  const rest = await signInOverRest(await app.backendUrl(), ada);
  const agent = await rest.createAgent({ name: 'lamp-checker', kind: 'external', role: 'Looks at every lamp of the harbour, twice' });
  await rest.createTask({ title: 'Check the port lamp', agentId: agent.id, maxAttempts: 1 });
  const failing = (await rest.claim({ agentId: agent.id }))!;
  await rest.work(failing.task.id, 'fail', { leaseToken: failing.lease.token, error: 'The ladder is too short.' });
  // At work for as long as the test may take: a program's own lease would end meanwhile.
  const provider = await rest.simulator('Slow', { typicalSeconds: 600, failureRate: 0, overrunRate: 0 });
  const hosted = await rest.createAgent({ name: 'lamp-reader', kind: 'hosted', provider });
  const { id } = await rest.createTask({ title: 'Check the starboard lamp and write down what is wrong with it', agentId: hosted.id });
  await expect.poll(async () => (await rest.task(id)).state).toBe('running');
  for (const lamp of ['stern', 'mast']) await rest.createTask({ title: `Check the ${lamp} lamp`, agentId: agent.id });
}

const zoomOf = ({ electron }: RunningApp): Promise<number> =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor() ?? 0);

/** What the browser tells a screen reader of live regions: role, kind and words. */
async function liveRegions(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as {
    nodes: { nodeId: string; ignored?: boolean; role?: { value: string }; name?: { value: string }; childIds?: string[]; properties?: { name: string; value: { value: unknown } }[] }[];
  };
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const words = (id: string): string => {
    const node = byId.get(id);
    if (!node) return '';
    if (node.role?.value === 'StaticText') return node.name?.value ?? '';
    return (node.childIds ?? []).map(words).join(' ');
  };
  return nodes
    .filter((node) => ['alert', 'status'].includes(node.role?.value ?? ''))
    .map((node) => {
      const live = node.properties?.find(({ name }) => name === 'live')?.value.value;
      return `${node.role?.value} ${String(live)}: ${words(node.nodeId).replaceAll(/\s+/g, ' ').trim()}`;
    });
}

/** Walks with Tab and answers what had the focus without showing it. */
async function unseenFocus(page: Page, steps: number): Promise<{ seen: number; unseen: string[] }> {
  const unseen = new Set<string>();
  const seen = new Set<string>();
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const at = document.activeElement;
      if (!(at instanceof HTMLElement) || at === document.body) return null;
      const shown = (element: Element | null): boolean => {
        if (!element) return false;
        const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && outlineColor !== 'rgba(0, 0, 0, 0)';
      };
      const name = `${at.tagName} ${at.getAttribute('role') ?? ''} ${at.getAttribute('aria-label') ?? at.textContent}`.slice(0, 80);
      // What is clipped away is drawn by what it stands in.
      return { name, shown: shown(at) || (getComputedStyle(at).opacity === '0' && shown(at.closest('label'))) };
    });
    if (found === null) continue;
    (found.shown ? seen : unseen).add(found.name);
  }
  return { seen: seen.size, unseen: [...unseen] };
}

test('enlarged to 200 %, in forced colours, heard and with larger text: every place can be used, and it is kept', async ({ launch }) => {
  const app = await launch({ signedIn: true });
  const { page, electron } = app;
  const shell = shellOf(app);
  await begin(app);

  await test.step('at 200 % nothing is cut, lies over other words or is out of reach', async () => {
    await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 700));
    for (let step = 0; step < 12 && (await zoomOf(app)) < 1.99; step += 1) {
      const before = await zoomOf(app);
      await shell.menu('View', 'Zoom in');
      await expect.poll(() => zoomOf(app)).toBeGreaterThan(before);
    }
    expect(Math.round((await zoomOf(app)) * 100)).toBe(200);
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([512, 350]);
    for (const place of places) {
      await shell.go(place);
      await expect.poll(() => page.evaluate(layoutProblems), { message: place }).toEqual([]);
    }
    await shell.go('Tasks');
    await tasksOf(page).row('Check the port lamp').click();
    await expect(tasksOf(page).details('Check the port lamp')).toContainText('The ladder is too short.');
    await expect.poll(() => page.evaluate(layoutProblems), { message: 'a task beside the list' }).toEqual([]);
    // A form can be filled in and sent.
    const form = newTaskOf(page);
    await form.open();
    await form.title.fill('Made at 200 %');
    await expect.poll(() => page.evaluate(layoutProblems), { message: 'a form' }).toEqual([]);
    await form.create.click();
    await expect(form.dialog).toBeHidden();
    await expect(tasksOf(page).details('Made at 200 %')).toBeVisible();
    await shell.menu('View', 'Actual size');
    await expect.poll(() => zoomOf(app)).toBe(1);
  });

  await test.step('in forced colours the focus and what is chosen are seen, and a state has its shape and its word', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true);
    for (const place of ['Tasks', 'Overview', 'Security reviews', 'Usage', 'Settings'] as const) {
      await shell.go(place);
      const { seen, unseen } = await unseenFocus(page, 45);
      expect(unseen, place).toEqual([]);
      expect(seen, `stops on ${place}`).toBeGreaterThan(15);
    }
    await shell.go('Tasks');
    const row = tasksOf(page).row('Check the port lamp');
    await row.click();
    await expect(tasksOf(page).details('Check the port lamp')).toBeVisible();
    await expect(page.locator('[role="row"][aria-selected="true"]')).toHaveCount(1);
    const lines = await page.evaluate(() => {
      const outline = (selector: string): string => {
        const found = document.querySelector(selector);
        return found ? getComputedStyle(found).outlineStyle : 'missing';
      };
      return {
        row: outline('[role="row"][aria-selected="true"]'),
        other: outline('[role="row"][aria-selected="false"]'),
        place: outline('nav [aria-current]'),
        view: outline('[role="radiogroup"] label:has(> :checked)'),
        otherView: outline('[role="radiogroup"] label:not(:has(> :checked))'),
      };
    });
    expect(lines).toEqual({ row: expect.not.stringMatching(/none|missing/), other: 'none', place: expect.not.stringMatching(/none|missing/), view: expect.not.stringMatching(/none|missing/), otherView: 'none' });
    for (const [title, word] of [['Check the port lamp', 'Failed'], ['Check the mast lamp', 'Queued'], ['Check the starboard lamp and write down what is wrong with it', 'Running']] as const) {
      const state = tasksOf(page).row(title).locator('[data-state]').filter({ hasText: word }).first();
      await expect(state).toBeVisible();
      // Drawn, and of its own shape.
      await expect(state.locator('svg')).toBeVisible();
    }
    const shapes = await tasksOf(page).list.locator('[data-state] svg').evaluateAll((all) => new Set(all.map((svg) => svg.innerHTML)).size);
    expect(shapes).toBeGreaterThanOrEqual(3);
    await page.emulateMedia({ forcedColors: null });
  });

  await test.step('what happens is told to who listens, once', async () => {
    await tasksOf(page).details('Check the port lamp').getByRole('button', { name: /Retry now/ }).click();
    await expect(tasksOf(page).row('Check the port lamp')).toContainText('Queued');
    await shell.settings('Workspace');
    await page.getByLabel('Name of the workspace').fill('Harbour Freight Works');
    await page.getByRole('button', { name: 'Rename' }).click();
    await expect.poll(() => liveRegions(page)).toContainEqual(expect.stringMatching(/^alert assertive: The workspace is called Harbour Freight Works now\./));
    // A line above the screen, and one that counts seconds is not read again with each.
    await shell.menu('File', 'New task');
    await page.getByRole('dialog', { name: 'New task' }).getByLabel('Title').fill('Half written');
    await shell.menu('Go', 'Audit');
    await expect.poll(() => liveRegions(page)).toContainEqual(expect.stringMatching(/^status polite: You were writing a new task\./));
    await page.getByRole('button', { name: 'Discard' }).click();
  });

  await test.step('the size of the text is chosen once, for every window, and is there at the next start', async () => {
    await shell.settings('Appearance');
    await page.getByText('Largest', { exact: true }).click();
    await expect.poll(() => zoomOf(app)).toBeCloseTo(1.3, 2);
    await expect.poll(() => page.evaluate(layoutProblems)).toEqual([]);
    await app.quit();
    const again = await launch();
    await shellOf(again).live();
    await expect.poll(() => zoomOf(again)).toBeCloseTo(1.3, 2);
    await shellOf(again).settings('Appearance');
    await expect(again.page.getByRole('radio', { name: 'Largest' })).toBeChecked();
    await again.page.getByText('Normal', { exact: true }).click();
    await expect.poll(() => zoomOf(again)).toBe(1);
  });
});
