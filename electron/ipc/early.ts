// Answers windows before the console is loaded: what the first frame needs at once, anything else when it is there.
import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import type { RequestChannel, StartState } from '../../shared/ipc.ts';
import { requestChannels } from './channels.ts';
import { isTrustedSender, senderOf } from './trust.ts';

/** Answers one request, as handle.ts does. */
export type Answer = (channel: RequestChannel, event: IpcMainInvokeEvent, argument: unknown) => Promise<unknown>;

export interface EarlyParts {
  origins: readonly string[];
  start(): StartState;
  /** The window has painted what it was given at the start. */
  onShown(): void;
}

export interface EarlyRequests {
  /** From now on the console answers all of them, those that waited first. */
  handOver(answer: Answer): void;
}

/** Opens all channels. */
export function answerEarly({ origins, start, onShown }: EarlyParts): EarlyRequests {
  const { promise: loaded, resolve } = Promise.withResolvers<Answer>();
  let over = false;
  const early: Partial<Record<RequestChannel, () => unknown>> = {
    'app:start': start,
    'app:shown': () => {
      onShown();
      return null;
    },
  };
  for (const channel of requestChannels) {
    ipcMain.handle(channel, async (event, argument: unknown) => {
      const known = over ? undefined : early[channel];
      if (known === undefined) return (await loaded)(channel, event, argument);
      if (!isTrustedSender(senderOf(event), origins)) throw new Error('Refused.');
      return known();
    });
  }
  return {
    handOver(answer) {
      over = true;
      resolve(answer);
    },
  };
}
