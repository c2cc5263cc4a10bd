// The dialog in which a key is shown once: closed without a copy of it, it asks first.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ClipboardEvent } from 'react';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { FormDialog, type FormDialogProps } from './FormDialog.tsx';
import { CopyField } from './output.tsx';

interface Once {
  /** A key is on the screen until what this answers is called. */
  shown(text: string): () => void;
  /** The key is on the clipboard, alone or in a command. */
  copied(): void;
}
const OnceContext = createContext<Once>({ shown: () => () => undefined, copied: () => undefined });

export function OnceDialog({ onClose, children, ...rest }: Omit<FormDialogProps, 'closeOnEscape'>) {
  const uncopied = useRef<string | null>(null);
  const [asking, setAsking] = useState(false);
  const once = useMemo(
    (): Once => ({
      shown: (text) => {
        uncopied.current = text;
        return () => void (uncopied.current = null);
      },
      copied: () => void (uncopied.current = null),
    }),
    [],
  );
  const close = useCallback(() => {
    if (uncopied.current === null) onClose();
    else setAsking(true);
  }, [onClose]);
  /** Marked and copied by hand is copied too. */
  const byHand = (event: ClipboardEvent): void => {
    const marked = event.currentTarget.ownerDocument.getSelection()?.toString() ?? '';
    if (uncopied.current !== null && marked.includes(uncopied.current)) once.copied();
  };
  return (
    <>
      <FormDialog {...rest} closeOnEscape={!asking} onClose={close}>
        <OnceContext value={once}>
          <div onCopy={byHand}>{children}</div>
        </OnceContext>
      </FormDialog>
      {/* There only while it asks: one that waits closed would take the very Esc that opens it. */}
      {asking && (
        <ConfirmDialog
          opened
          title="Close without the key?"
          confirm="Close without it"
          danger
          onConfirm={() => {
            setAsking(false);
            onClose();
          }}
          onClose={() => setAsking(false)}
        >
          It was not copied, and it is not shown again. You would have to make another, and to revoke this one in Settings, For
          programs.
        </ConfirmDialog>
      )}
    </>
  );
}

/** The key, to be copied while it is there. */
export function KeyOnce({ text }: { text: string }) {
  const { shown, copied } = useContext(OnceContext);
  useEffect(() => shown(text), [shown, text]);
  const field = useRef<HTMLDivElement>(null);
  // The button that made it is gone, and the next thing to do is to copy.
  useEffect(() => {
    const frame = requestAnimationFrame(() => field.current?.querySelector('button')?.focus());
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
