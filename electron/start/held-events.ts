// Holds what the system asks of the app before the console is there to do it: a second start, a link, a file.
import type { App } from 'electron';

const names = ['second-instance', 'activate', 'open-url', 'open-file'] as const;

/** An emitter of those events; Electron's app is one. */
type Emitter = Pick<App, 'emit'> & {
  on(name: string, listener: (...given: unknown[]) => void): unknown;
  off(name: string, listener: (...given: unknown[]) => void): unknown;
};

export interface HeldEvents {
  /** Ends the holding and lets out what was held, in its order, to whoever listens now. */
  release(): void;
}

export function holdEvents(app: unknown): HeldEvents {
  const emitter = app as Emitter;
  const held: [string, unknown[]][] = [];
  const listeners = names.map((name) => {
    const listener = (...given: unknown[]): void => {
      // A link or a file that nobody prevents is opened by the system itself, and at once.
      (given[0] as { preventDefault?: () => void } | undefined)?.preventDefault?.();
      held.push([name, given]);
    };
    emitter.on(name, listener);
    return [name, listener] as const;
  });
  return {
    release() {
      for (const [name, listener] of listeners) emitter.off(name, listener);
      for (const [name, given] of held.splice(0)) emitter.emit(name, ...given);
    },
  };
}
