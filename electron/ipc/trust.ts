// Who may ask the main process anything: the top frame of a page of ours.
import type { IpcMainInvokeEvent } from 'electron';

/** What is known of a sender: where its frame is, and whether that is the whole window. */
export interface Sender {
  origin: string | null;
  isMainFrame: boolean;
}

/** Only the top frame of a page of ours may ask. */
export function isTrustedSender(sender: Sender, origins: readonly string[]): boolean {
  return sender.isMainFrame && sender.origin !== null && origins.includes(sender.origin);
}

export function senderOf({ senderFrame, sender }: IpcMainInvokeEvent): Sender {
  const isMainFrame = senderFrame !== null && senderFrame === sender.mainFrame;
  return { origin: senderFrame?.origin ?? null, isMainFrame };
}
