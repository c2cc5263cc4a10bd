// What main does for one window: its size, another like it, printing, closing.
import { app, type BrowserWindow } from 'electron';
import type { MainAction } from '../../shared/actions.ts';
import { assertNever } from '../../shared/errors.ts';
import type { pageActions } from '../../shared/ipc.ts';
import { zoomStep } from './window-list.ts';
import type { OpenWindow, WindowRegistry } from './window-registry.ts';

export type WindowAction = MainAction | (typeof pageActions)[number];

/** Does it; printing and closing go on after this has returned. */
export function actInWindow(windows: WindowRegistry, opened: OpenWindow, action: WindowAction): void {
  const { window } = opened;
  switch (action) {
    case 'window.new':
      windows.open(opened.connection, opened.path);
      return;
    case 'window.close':
      window.close();
      return;
    case 'app.quit':
      app.quit();
      return;
    case 'zoom.in':
      windows.setZoom(opened, zoomStep(opened.zoom, 1));
      return;
    case 'zoom.out':
      windows.setZoom(opened, zoomStep(opened.zoom, -1));
      return;
    case 'zoom.reset':
      windows.setZoom(opened, 1);
      return;
    case 'window.fullscreen':
      window.setFullScreen(!window.isFullScreen());
      return;
    case 'window.minimise':
      window.minimize();
      return;
    case 'app.about':
      app.setAboutPanelOptions({ applicationName: 'Signalbox', applicationVersion: app.getVersion() });
      app.showAboutPanel();
      return;
    case 'page.print':
      printPage(window);
      return;
    case 'page.undo':
      window.webContents.undo();
      return;
    default:
      assertNever(action);
  }
}

/** The system's own dialog; that a person leaves it without printing is no failure. */
function printPage(window: BrowserWindow): void {
  window.webContents.print({ printBackground: true });
}
