// The icon in the system's tray, with live counts in its tip and menu.
import { Menu, nativeImage, Tray } from 'electron';
import { trayMenu, trayTip, type TrayLine, type TrayParts } from './tray-words.ts';

const SIZE = 22;

export interface TrayIcon {
  show(lines: readonly TrayLine[]): void;
}

/** Puts the icon there. It is drawn again only when its words change: a menu that is open would close. */
export function createTray(icon: string, parts: TrayParts): TrayIcon {
  const tray = new Tray(nativeImage.createFromPath(icon).resize({ width: SIZE, height: SIZE }));
  tray.on('click', () => parts.open(null));
  let shown = '';
  return {
    show(lines) {
      const words = JSON.stringify(lines);
      if (words === shown) return;
      shown = words;
      tray.setToolTip(trayTip(lines));
      tray.setContextMenu(Menu.buildFromTemplate(trayMenu(lines, parts)));
    },
  };
}
