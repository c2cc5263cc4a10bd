// The only bridge between a window and the main process; runs sandboxed, as one CommonJS bundle.
import { exposeBridge } from './ipc/bridge.ts';

exposeBridge();
