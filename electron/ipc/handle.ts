// Answers every request of shared/ipc.ts, behind the check of who sends it.
import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron';
import { answerRequest, type AnswerParts } from './answer.ts';
import type { Answer } from './early.ts';
import { isTrustedSender, senderOf } from './trust.ts';

export interface HandleParts extends AnswerParts<BrowserWindow> {
  /** The origins of our own pages. */
  origins: readonly string[];
}

/** Answers every request, each only to the top frame of a window of ours. */
export function answerRequests(parts: HandleParts): Answer {
  // electron-store tells any renderer where the user's folder is; ours need not know.
  ipcMain.removeAllListeners('electron-store-get-data');
  return async (channel, event, argument) => {
    const window = trustedWindow(event, parts.origins);
    if (window === null) throw new Error('Refused.');
    return answerRequest(parts, channel, { argument, window });
  };
}

function trustedWindow(event: IpcMainInvokeEvent, origins: readonly string[]): BrowserWindow | null {
  return isTrustedSender(senderOf(event), origins) ? BrowserWindow.fromWebContents(event.sender) : null;
}
