// Holds what a window asks while it shows what was shown last: questions wait until somebody is signed in, changes are
// refused, as they would be made on what may not hold any more.

export interface Gate {
  readonly isOpen: boolean;
  /** Resolves when it is open. */
  readonly opened: Promise<void>;
  open(): void;
}

export function createGate(initiallyOpen = false): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isOpen = false;
  const open = (): void => {
    isOpen = true;
    resolve();
  };
  if (initiallyOpen) open();
  return {
    get isOpen() {
      return isOpen;
    },
    opened: promise,
    open,
  };
}
