// The dialog around a form. Closing it says that what was written is not wanted; leaving its place does not.
import { Button, Modal } from '@mantine/core';
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';

interface FormOfDialog {
  /** What is done when the person closes the dialog: drafts of its forms are dropped. */
  ends: Set<() => void>;
  close(): void;
}
export const FormContext = createContext<FormOfDialog>({ ends: new Set(), close: () => undefined });

export interface FormDialogProps {
  opened: boolean;
  title: string;
  size: number;
  /** False while another dialog stands over it, which Esc closes then. */
  closeOnEscape?: boolean;
  onClose(): void;
  /** Closes it at once (also where this is absent), or when the person has said so. */
  leave?: (how: () => void) => void;
  children: ReactNode;
}
const atOnce = (how: () => void): void => how();

export function FormDialog({ opened, title, size, closeOnEscape = true, onClose, leave = atOnce, children }: FormDialogProps) {
  const [ends] = useState(() => new Set<() => void>());
  const close = useCallback(() => {
    leave(() => {
      ends.forEach((end) => end());
      onClose();
    });
  }, [ends, onClose, leave]);
  const context = useMemo(() => ({ ends, close }), [ends, close]);
  return (
    <FormContext value={context}>
      <Modal
        opened={opened}
        onClose={close}
        title={title}
        size={size}
        closeOnClickOutside={false}
        closeOnEscape={closeOnEscape}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {children}
      </Modal>
    </FormContext>
  );
}

/** Closes the dialog that it stands in, and drops what was written. */
export function NotNow() {
  return <Button onClick={useContext(FormContext).close}>Not now</Button>;
}

/** Closes the dialog in which something is shown that was made. */
export function Done() {
  return <Button variant="filled" onClick={useContext(FormContext).close}>Done</Button>;
}
