// Windows in which a key is shown once and nobody has copied it: closing one of them, or the app, asks first.

interface Closable {
  close(): void;
}
export interface ShownKeys<Window extends Closable> {
  show(window: Window, shown: boolean): void;
  any(): boolean;
  /** Whether the window may close now; if not, the person is asked, and it closes if they say so. */
  mayClose(window: Window): boolean;
  /** Asks for each such window in turn; false at the first that is to stay. */
  mayQuit(): Promise<boolean>;
}

export function createShownKeys<Window extends Closable>(ask: (window: Window) => Promise<boolean>): ShownKeys<Window> {
  const holding = new Set<Window>();
  const asking = new Map<Window, Promise<boolean>>();

  /** One question a window, however often it is closed. */
  function asked(window: Window): Promise<boolean> {
    const answer =
      asking.get(window) ??
      ask(window)
        .then((yes) => {
          if (yes) holding.delete(window);
          return yes;
        })
        .finally(() => asking.delete(window));
    asking.set(window, answer);
    return answer;
  }

  return {
    show(window, shown) {
      if (shown) holding.add(window);
      else holding.delete(window);
    },
    any: () => holding.size > 0,
    mayClose(window) {
      if (!holding.has(window)) return true;
      void asked(window).then((yes) => {
        if (yes) window.close();
      });
      return false;
    },
    async mayQuit() {
      for (const window of holding) if (!(await asked(window))) return false;
      return true;
    },
  };
}
