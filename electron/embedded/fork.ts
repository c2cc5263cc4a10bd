// Starts the backend in a process of Electron's own kind: Node without a window, ended with the app.
import { utilityProcess } from 'electron';
import type { BackendProcess } from './supervisor.ts';

/** Forks the bundle at `path`. It has no secret in its environment or arguments; the key comes by message. */
export function forkBackend(path: string): BackendProcess {
  const { SIGNALBOX_MASTER_KEY: _secret, ...environment } = process.env;
  const child = utilityProcess.fork(path, [], {
    serviceName: 'Signalbox backend',
    stdio: 'inherit',
    env: environment,
  });
  return {
    postMessage: (message) => child.postMessage(message),
    kill: () => child.kill(),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', listener),
  };
}
