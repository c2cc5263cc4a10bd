// Keeps the computer from going to sleep while work runs on it: only when the person has asked for it.

/** The part of Electron's powerSaveBlocker that is used. */
export interface SleepBlocker {
  start(type: 'prevent-app-suspension'): number;
  stop(id: number): void;
}

export interface Awake {
  /** Decides anew; the answer is whether sleep is held off now. */
  update(wanted: boolean, running: number): boolean;
  isHeld(): boolean;
}

export function createAwake(blocker: SleepBlocker): Awake {
  let held: number | null = null;
  return {
    isHeld: () => held !== null,
    update(wanted, running) {
      const hold = wanted && running > 0;
      if (hold && held === null) held = blocker.start('prevent-app-suspension');
      if (!hold && held !== null) {
        blocker.stop(held);
        held = null;
      }
      return held !== null;
    },
  };
}
