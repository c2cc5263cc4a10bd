// Starts the backend in a process of Electron's own kind: Node without a window, ended with the app.
import { utilityProcess, type UtilityProcess } from 'electron';
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
  const listeners = [log];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      process.stderr.write(text);
      for (const listener of listeners) listener(text);
    });
  }
  return {
    postMessage: (message) => child.postMessage(message),
    kill: () => killNow(child),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', listener),
    onLog: (listener) => void listeners.push(listener),
  };
}

/** Not `child.kill()`, which asks: a process that hangs or is stopped would go on as it is. */
function killNow(child: UtilityProcess): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(child.pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
    return false;
  }
}
