// The wall around the window: what a page that went wrong could not do.
import { readFileSync } from 'node:fs';
import { shellOf } from './fixtures/pages/shell.ts';
import { expect, test } from './fixtures/test.ts';

test('a window is sandboxed, and reaches neither Node, nor the network, nor another page', async ({ signedIn: app }) => {
  const { page, electron } = app;
  const url = await app.backendUrl();

  // Chromium's own sandbox: the system itself filters what the window's process may call.
  const { noSandbox, pid } = await electron.evaluate(({ app: main, BrowserWindow }) => ({
    noSandbox: main.commandLine.hasSwitch('no-sandbox'),
    pid: BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? -1,
  }));
  expect(noSandbox).toBe(false);
  if (process.platform === 'linux') expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s*2$/m);

  // Node is not there, and the bridge is the whole surface: two functions, no token, no IPC.
  const reach = await page.evaluate(() => {
    const scope = globalThis as unknown as Record<string, unknown>;
    return {
      globals: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter((name) => name in scope),
      bridge: Object.keys(scope.signalbox as object).toSorted(),
    };
  });
  expect(reach).toEqual({ globals: [], bridge: ['on', 'request'] });

  // Each attempt below makes the window complain, as it should.
  app.allow(/Content Security Policy/i, /ERR_BLOCKED_BY_CLIENT|ERR_FAILED|ERR_ABORTED/, /Refused to/i, /violates/i);
  const attempts = await page.evaluate(async (address) => {
    const outcome = async (attempt: () => Promise<unknown>): Promise<string> => {
      try {
        await attempt();
        return 'reached';
      } catch {
        return 'refused';
      }
    };
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    const socket = (): Promise<unknown> => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const opened = new WebSocket(address.replace('http', 'ws'));
      opened.addEventListener('open', resolve);
      opened.addEventListener('error', reject);
      return promise;
    };
    const picture = (): Promise<unknown> => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const image = new Image();
      image.addEventListener('load', resolve);
      image.addEventListener('error', reject);
      image.src = `${address}/health`;
      return promise;
    };
    const script = (): Promise<unknown> => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const element = document.createElement('script');
      element.textContent = 'globalThis.inlineScriptRan = true;';
      document.head.append(element);
      return 'inlineScriptRan' in globalThis ? (resolve(null), promise) : (reject(new Error('blocked')), promise);
    };
    return {
      fetch: await outcome(() => fetch(`${address}/health`)),
      internet: await outcome(() => fetch('https://example.com/')),
      socket: await outcome(socket),
      picture: await outcome(picture),
      script: await outcome(script),
      // What a text that becomes code would need; the attempt is the point here.
      // oxlint-disable-next-line no-eval
      evaluation: await outcome(async () => (globalThis as unknown as { eval(code: string): unknown }).eval('1')),
      window: window.open('https://example.com/') === null ? 'refused' : 'reached',
      notifications: await outcome(async () => {
        if ((await Notification.requestPermission()) !== 'granted') throw new Error('denied');
      }),
      violations: [...new Set(violations)].toSorted(),
    };
  }, url);
  expect(attempts).toEqual({
    fetch: 'refused',
    internet: 'refused',
    socket: 'refused',
    picture: 'refused',
    script: 'refused',
    evaluation: 'refused',
    window: 'refused',
    notifications: 'refused',
    violations: ['connect-src', 'img-src', 'script-src', 'script-src-elem'],
  });

  // It stays where it is, alone, whatever it is told; main is asked, as the driver loses a page whose way is cut.
  await electron.evaluate(({ BrowserWindow }) => {
    const tried: [string, boolean][] = [];
    Object.assign(globalThis, { tried });
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-frame-navigate', (event) => {
      tried.push([event.url, event.defaultPrevented]);
    });
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'https://example.com/new';
    link.target = '_blank';
    document.body.append(link);
    link.click();
    link.remove();
  });
  await page.evaluate((address) => {
    setTimeout(() => (location.href = address));
  }, `${url}/health`);
  const tried = (): Promise<unknown> =>
    electron.evaluate(() => (globalThis as unknown as { tried: unknown }).tried);
  await expect.poll(tried).toEqual([[`${url}/health`, true]]);
  const windows = await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()),
  );
  expect(windows).toEqual(['app://signalbox/#/overview']);
});

test('a channel that is not known, or an argument of the wrong shape, is refused', { tag: '@shared' }, async ({ shared: app }) => {
  const refused = await app.page.evaluate(async () => {
    type Request = (channel: string, argument?: unknown) => Promise<{ ok?: boolean } | null>;
    const { request } = (globalThis as unknown as { signalbox: { request: Request } }).signalbox;
    const outcome = async (channel: string, argument?: unknown): Promise<string> => {
      try {
        return (await request(channel, argument))?.ok === false ? 'refused' : 'answered';
      } catch {
        return 'refused';
      }
    };
    return [
      await outcome('files:read', '/etc/passwd'),
      await outcome('clipboard:write', { text: 7 }),
      await outcome('preferences:set', { theme: 'x'.repeat(1_000) }),
      await outcome('rpc', { path: '../../etc/passwd', type: 'query' }),
    ];
  });
  expect(refused).toEqual(['refused', 'refused', 'refused', 'refused']);
});

test('the menu leads to the places and changes the theme, which is kept', async ({ launch }) => {
  const first = await launch({ signedIn: true });
  const shell = shellOf(first);
  await shell.live();
  for (const place of ['Findings', 'Plans', 'Tasks', 'Agents', 'Overview'] as const) {
    await shell.menu('Go', place);
    await expect(first.page.getByRole('heading', { level: 1, name: place })).toBeVisible();
    await expect(shell.rail.locator('[aria-current="page"]')).toContainText(place);
  }
  const scheme = first.page.locator('html');
  await shell.menu('View', 'Light theme');
  await expect(scheme).toHaveAttribute('data-mantine-color-scheme', 'light');
  await shell.menu('View', 'Dark theme');
  await expect(scheme).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await shell.menu('View', 'Light theme');
  await expect(scheme).toHaveAttribute('data-mantine-color-scheme', 'light');
  await first.quit();

  const second = await launch();
  await shellOf(second).live();
  await expect(second.page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light');
});
