// The dialog in which a key is shown once: left without a copy of it, or while it is being made, it asks first.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ClipboardEvent } from 'react';
import { useBridge } from '../components/bridge.tsx';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { FormDialog, type FormDialogProps } from '../components/FormDialog.tsx';
import { CopyField } from '../components/output.tsx';
import { useRouteStore } from './routes.ts';

interface Once {
  /** A key is being made until what this answers is called. */
  making(): () => void;
  /** A key is on the screen until what this answers is called. */
  shown(text: string): () => void;
  /** The key is on the clipboard, alone or in a command. */
  copied(): void;
}
const OnceContext = createContext<Once>({ making: () => () => undefined, shown: () => () => undefined, copied: () => undefined });

/** Null: it is being made. */
type Held = { key: string | null };

export function OnceDialog({ onClose, children, ...rest }: Omit<FormDialogProps, 'closeOnEscape' | 'leave'>) {
  const bridge = useBridge();
  const routes = useRouteStore();
  /** What would be lost. */
  const [held, setHeld] = useState<Held | null>(null);
  /** What is done if the person leaves without it. */
  const [leaving, setLeaving] = useState<{ how: () => void } | null>(null);
  const release = useRef<(() => void) | null>(null);
  const once = useMemo((): Once => {
    const letGo = (): void => {
      release.current?.();
      release.current = null;
      setHeld(null);
      setLeaving(null);
    };
    const hold = (key: string | null): (() => void) => {
      release.current = routes.getState().hold((how) => setLeaving({ how }));
      setHeld({ key });
      return letGo;
    };
    return { making: () => hold(null), shown: hold, copied: letGo };
  }, [routes]);
  const holds = held !== null;
  useEffect(() => {
    if (!holds) return;
    const tell = (shown: boolean): void => void bridge.request('key:shown', { shown }).catch(() => undefined);
    tell(true);
    return () => tell(false);
  }, [bridge, holds]);
  /** Marked and copied by hand is copied too. */
  const byHand = (event: ClipboardEvent): void => {
    const marked = event.currentTarget.ownerDocument.getSelection()?.toString() ?? '';
    if (typeof held?.key === 'string' && marked.includes(held.key)) once.copied();
  };
  const leave = useCallback((how: () => void) => routes.getState().leave(how), [routes]);
  return (
    <>
      <FormDialog {...rest} closeOnEscape={leaving === null} onClose={onClose} leave={leave}>
        <OnceContext value={once}>
          <div onCopy={byHand}>{children}</div>
        </OnceContext>
      </FormDialog>
      {/* There only while it asks: one that waits closed would take the very Esc that opens it. */}
      {leaving !== null && held !== null && (
        <ConfirmDialog
          opened
          title="Close without the key?"
          confirm="Close without it"
          danger
          onConfirm={() => {
            once.copied();
            leaving.how();
          }}
          onClose={() => setLeaving(null)}
        >
          {held.key === null ? 'It is being made and is shown once, here.' : 'It was not copied, and it is not shown again.'} You would have
          to make another, and to revoke this one in Settings, For programs.
        </ConfirmDialog>
      )}
    </>
  );
}

/** While a key is being made, leaving asks: nobody would see it. */
export function useMaking(busy: boolean): void {
  const { making } = useContext(OnceContext);
  useEffect(() => (busy ? making() : undefined), [busy, making]);
}

/** The key, to be copied while it is there. */
export function KeyOnce({ text }: { text: string }) {
  const { shown, copied } = useContext(OnceContext);
  useEffect(() => shown(text), [shown, text]);
  const field = useRef<HTMLDivElement>(null);
  // The button that made it is gone, and the next thing to do is to copy; unless something else was opened over it meanwhile.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const { activeElement, body } = document;
      const free = activeElement === body || field.current?.closest('[role=dialog]')?.contains(activeElement);
      if (free) field.current?.querySelector('button')?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <>
      <div ref={field}><CopyField text={text} label="API key" wrap onCopied={copied} /></div>
      <p className="dim">Copy it now: it is not shown again. You can make another at any time.</p>
    </>
  );
}

/** For what else holds the key and can be copied: a command with it. */
export function useCopied(): () => void {
  return useContext(OnceContext).copied;
}
