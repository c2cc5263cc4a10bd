// Undo: what was done and can be taken back, newest last; one stack a window, gone with the session.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { keyWords } from './keys.ts';
import { notifyDone, notifyProblem } from './notify.ts';

export interface Undoable {
  /** What was done: "The task is cancelled." */
  done: string;
  /** What taking it back leaves: "The task is queued again." */
  undone: string;
  undo(): Promise<unknown>;
}

export interface Undo {
  /** Says what was done, and offers the way back. */
  offer(undoable: Undoable): void;
  /** Takes the newest back; false: there is nothing. */
  undoLast(): boolean;
}

const MOST = 20;
const SHOWN_MS = 9_000;

/** The stack itself, without a screen. */
export function createUndo(show: (undoable: Undoable, take: () => void) => () => void): Undo {
  let stack: { undoable: Undoable; hide(): void }[] = [];

  async function take(entry: (typeof stack)[number]): Promise<void> {
    // Twice by haste: once.
    if (!stack.includes(entry)) return;
    stack = stack.filter((other) => other !== entry);
    entry.hide();
    try {
      await entry.undoable.undo();
      notifyDone(`Undone. ${entry.undoable.undone}`);
    } catch (cause) {
      notifyProblem(cause);
    }
  }

  return {
    offer(undoable) {
      const entry = { undoable, hide: () => undefined as void };
      stack = [...stack, entry].slice(-MOST);
      entry.hide = show(undoable, () => void take(entry));
    },
    undoLast() {
      const last = stack.at(-1);
      if (last === undefined) return false;
      void take(last);
      return true;
    },
  };
}

function showOffer({ done }: Undoable, take: () => void): () => void {
  const id = notifications.show({
    color: 'var(--ok)',
    withBorder: true,
    autoClose: SHOWN_MS,
    message: (
      <span style={{ display: 'flex', alignItems: 'center', gap: 10 }}>
        <span className="grow">{done}</span>
        <Button onClick={take} title={`Undo (${keyWords('mod+z')})`}>
          Undo
        </Button>
      </span>
    ),
  });
  return () => notifications.hide(id);
}

const Context = createContext<Undo | null>(null);

export function UndoProvider({ children, undo }: { children: ReactNode; undo?: Undo }) {
  const [own] = useState(() => undo ?? createUndo(showOffer));
  return <Context value={own}>{children}</Context>;
}

/** Without a window around, as in a test of one part, offering does nothing. */
const nothing: Undo = { offer: () => undefined, undoLast: () => false };

export function useUndo(): Undo {
  const undo = useContext(Context);
  return useMemo(() => undo ?? nothing, [undo]);
}
