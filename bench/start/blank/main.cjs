// The reference of `npm run bench -- start`: the least that an Electron application with one window can be,
// with the same window as the console's and its sandbox on.
const { app, BrowserWindow } = require('electron');

app.setPath('userData', process.env.SIGNALBOX_USER_DATA);
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    show: false,
    backgroundColor: '#0e1116',
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadFile('index.html');
});
app.on('window-all-closed', () => app.quit());
