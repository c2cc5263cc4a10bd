// Registers every request of shared/ipc.ts with Electron, behind the check of who sends it.
import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron';
import { requests, type RequestChannel } from '../../shared/ipc.ts';
import { answerRequest, isTrustedSender, type AnswerParts } from './answer.ts';

export interface HandleParts extends AnswerParts<BrowserWindow> {
  /** The origins of our own pages. */
  origins: readonly string[];
}

/** Opens all channels; each answers only to the top frame of a window of ours. */
export function handleRequests(parts: HandleParts): void {
  // electron-store tells any renderer where the user's folder is; ours need not know.
  ipcMain.removeAllListeners('electron-store-get-data');
  for (const channel of Object.keys(requests) as RequestChannel[]) {
    ipcMain.handle(channel, (event, argument: unknown) => {
      const window = trustedWindow(event, parts.origins);
      if (window === null) throw new Error('Refused.');
      return answerRequest(parts, channel, { argument, window });
    });
  }
}

function trustedWindow(event: IpcMainInvokeEvent, origins: readonly string[]): BrowserWindow | null {
  const frame = event.senderFrame;
  const isMainFrame = frame !== null && frame === event.sender.mainFrame;
  const trusted = isTrustedSender({ origin: frame?.origin ?? null, isMainFrame }, origins);
  return trusted ? BrowserWindow.fromWebContents(event.sender) : null;
}
