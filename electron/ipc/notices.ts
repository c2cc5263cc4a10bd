// Sends notices to windows; each channel with the one type that shared/ipc.ts gives it.
import { BrowserWindow } from 'electron';
import type { NoticeChannel, Notices } from '../../shared/ipc.ts';

/** Tells one window. */
export function notify<C extends NoticeChannel>(window: BrowserWindow, channel: C, notice: Notices[C]): void {
  if (!window.isDestroyed()) window.webContents.send(channel, notice);
}

/** Tells all windows, or all but one. */
export function notifyAll<C extends NoticeChannel>(channel: C, notice: Notices[C], but?: BrowserWindow): void {
  for (const window of BrowserWindow.getAllWindows()) if (window !== but) notify(window, channel, notice);
}
