// One real Electron window on the built stories, for the test that looks at all of them: sandboxed, without a
// backend, and as like as it can be on every machine (no scaling, no hinting of its own, no colour profile).
const { app, BrowserWindow, protocol } = require('electron');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { readFile } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const path = require('node:path');

/** As the console's own page has it (electron/native/app-protocol.ts), so that a story is refused the same. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'none'";
const mediaTypes = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };
const folder = path.resolve(__dirname, '../../out/stories');

/** Asked for by the step that builds them: writes which stories there are, and ends. */
const listFile = process.argv.find((argument) => argument.startsWith('--list='))?.slice('--list='.length);
const userData = mkdtempSync(path.join(tmpdir(), 'signalbox-stories-'));

app.setPath('userData', userData);
app.on('quit', () => rmSync(userData, { recursive: true, force: true, maxRetries: 5 }));
app.disableHardwareAcceleration();
for (const [name, value] of [
  ['force-device-scale-factor', '1'],
  ['force-color-profile', 'srgb'],
  ['disable-lcd-text'],
  ['lang', 'en-GB'],
]) {
  app.commandLine.appendSwitch(name, value);
}
protocol.registerSchemesAsPrivileged([
  { scheme: 'stories', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]);

async function open() {
  protocol.handle('stories', async ({ url }) => {
    const file = path.join(folder, path.normalize(new URL(url).pathname));
    const type = mediaTypes[path.extname(file)] ?? 'application/octet-stream';
    return new Response(await readFile(file), {
      headers: { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy },
    });
  });
  const window = new BrowserWindow({
    width: 1024,
    height: 700,
    useContentSize: true,
    webPreferences: { sandbox: true, contextIsolation: true, backgroundThrottling: false },
  });
  // The test navigates by itself; two loads at a time would abort one another.
  await window.loadURL(listFile === undefined ? 'about:blank' : 'stories://all/stories.html');
  if (listFile === undefined) return;
  const stories = await window.webContents.executeJavaScript('globalThis.stories.list');
  writeFileSync(listFile, JSON.stringify({ stories }));
  app.quit();
}

app.whenReady().then(open).catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  app.exit(1);
});
app.on('window-all-closed', () => app.quit());
