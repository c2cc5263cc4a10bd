// Starts the backend in a process of Electron's own kind: Node without a window, ended with the app.
import { utilityProcess } from 'electron';
import type { BackendProcess } from './supervisor.ts';

export interface ForkOptions {
  /** The bundle. */
  path: string;
  /** What the system's list of processes calls it. */
  name: string;
  /** Takes what it writes, beside our own stderr. */
  log(text: string): void;
}

/** Forks a bundle. It has no secret in its environment or arguments; keys come by message. */
export function forkBackend({ path, name, log }: ForkOptions): BackendProcess {
  const { SIGNALBOX_MASTER_KEY: _key, SIGNALBOX_BACKUP_PASSPHRASE: _passphrase, ...environment } = process.env;
  const child = utilityProcess.fork(path, [], { serviceName: name, stdio: 'pipe', env: environment });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      process.stderr.write(text);
      log(text);
    });
  }
  return {
    postMessage: (message) => child.postMessage(message),
    kill: () => child.kill(),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', listener),
  };
}
