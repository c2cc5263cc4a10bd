// Gives a window its end of a MessagePort, on which the live stream comes without a hop over named channels.
import { MessageChannelMain, type BrowserWindow } from 'electron';
import type { WindowPort } from '../live/hub.ts';
import { livePortName } from './channels.ts';

/** Hands the window one end and answers the other. It closes with the page: a reload asks for a new one. */
export function handLivePort(window: BrowserWindow): WindowPort {
  const { port1, port2 } = new MessageChannelMain();
  window.webContents.postMessage(livePortName, null, [port2]);
  port1.start();
  return {
    send: (message) => port1.postMessage(message),
    onClose: (listener) => port1.on('close', listener),
  };
}
