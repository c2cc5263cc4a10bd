// Asks before something that cannot simply be undone; says what happens, and what stays.
import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemNotice } from './ProblemNotice.tsx';
import layout from './dialog.module.css';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  /** What happens and what stays. */
  children: ReactNode;
  /** The verb on the button: "Cancel 3 tasks". */
  confirm: string;
  /** What stays as it is: "Keep it". */
  dismiss?: string;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  onConfirm(): void;
  onClose(): void;
}
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, confirm, dismiss = 'Go back', danger, busy, error, onConfirm, onClose } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={440} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={layout.body}>
        <div>{children}</div>
        {error !== undefined && error !== null && <ProblemNotice error={error} />}
        <div className={layout.actions}>
          <Button onClick={onClose} data-autofocus={danger || undefined}>{dismiss}</Button>
          <Button
            variant="filled"
            className={danger ? layout.danger : undefined}
            loading={busy}
            onClick={onConfirm}
            data-autofocus={!danger || undefined}
          >
            {confirm}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
