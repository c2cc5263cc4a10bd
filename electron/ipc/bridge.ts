// The window's side of the bridge, run by the preload: the named channels and nothing else.
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, StartState } from '../../shared/ipc.ts';
import { isNoticeChannel, isRequestChannel, livePortName } from './channels.ts';

/** The preload's own window; this tsconfig has no DOM, as main has none. */
declare const window: {
  location: { origin: string };
  postMessage(message: string, targetOrigin: string, transfer: readonly object[]): void;
};

/** Asked for before the page has any code, so that the answer is there when it asks. */
const start: Promise<StartState> = ipcRenderer.invoke('app:start');
// Whoever asks for it hears of it; a page that never does need not.
start.catch(() => undefined);

const bridge: Bridge = {
  request(channel, argument) {
    if (!isRequestChannel(channel)) return Promise.reject(new Error('No such request.'));
    if (channel === 'app:start') return start as ReturnType<typeof bridge.request<typeof channel>>;
    return ipcRenderer.invoke(channel, argument);
  },
  on(channel, listener) {
    if (!isNoticeChannel(channel)) throw new Error('No such notice.');
    // The event stays here: it carries `sender`, which is all of ipcRenderer.
    const forward = (_event: unknown, notice: Parameters<typeof listener>[0]) => listener(notice);
    ipcRenderer.on(channel, forward);
    return () => {
      ipcRenderer.off(channel, forward);
    };
  },
};

/** Puts the bridge on `window.signalbox`, and passes the live port on to the page. */
export function exposeBridge(): void {
  contextBridge.exposeInMainWorld('signalbox', bridge);
  ipcRenderer.on(livePortName, (event) => {
    window.postMessage(livePortName, window.location.origin, event.ports);
  });
}
