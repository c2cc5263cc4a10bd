// What the preload puts on the window.
import type { Bridge } from '../shared/ipc.ts';

declare global {
  interface Window {
    signalbox: Bridge;
  }
}
