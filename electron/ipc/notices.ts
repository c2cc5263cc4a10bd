// Sends notices to windows; each channel with the one type that shared/ipc.ts gives it.
import { BrowserWindow } from 'electron';
import type { NoticeChannel, Notices } from '../../shared/ipc.ts';

/** Tells one window. */
export function notify<C extends NoticeChannel>(window: BrowserWindow, channel: C, notice: Notices[C]): void {
  if (!window.isDestroyed()) window.webContents.send(channel, notice);
}

/** Tells all windows. */
export function notifyAll<C extends NoticeChannel>(channel: C, notice: Notices[C]): void {
  for (const window of BrowserWindow.getAllWindows()) notify(window, channel, notice);
}
