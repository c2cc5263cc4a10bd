// Restores a backup: pick the file, open it with its passphrase, see what is in it, and only then decide.
import { Button, Modal, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useStatus } from '../app/status.tsx';
import layout from '../components/dialog.module.css';
import { formatBytes, formatExact } from '../components/format.ts';
import { fieldErrors } from '../components/problem.ts';
import { Note, ProblemNotice } from '../components/ProblemNotice.tsx';
import { useAsk } from '../components/useAsk.ts';
import { Contents } from './Contents.tsx';
import { useBackupProgress } from './useBackupProgress.ts';
import { Working } from './Working.tsx';
import styles from './backup.module.css';

export function RestoreDialog({ onClose }: { onClose(): void }) {
  const { status } = useStatus();
  const picked = useAsk('backup:pick');
  const inspected = useAsk('backup:inspect');
  const restored = useAsk('backup:restore');
  const progress = useBackupProgress();
  const [passphrase, setPassphrase] = useState('');
  const busy = inspected.busy || restored.busy;

  const pick = async (): Promise<void> => {
    inspected.reset();
    restored.reset();
    setPassphrase('');
    await picked.ask();
  };
  const open = async (): Promise<void> => {
    if (passphrase !== '') await inspected.ask({ passphrase });
  };
  const restore = async (): Promise<void> => {
    // Everybody is signed out then, so the dialog may be gone with its screen.
    if (await restored.ask({ passphrase })) onClose();
  };
  const file = picked.data ?? null;
  const wrong = inspected.problem === null ? undefined : fieldErrors(inspected.problem)['passphrase'];

  const body = () => {
    if (busy) return <Working progress={progress} first={restored.busy ? 'Preparing the restore.' : 'Opening the backup.'} />;
    if (file === null) return <Choose problem={picked.problem} busy={picked.busy} onPick={() => void pick()} onClose={onClose} />;
    if (inspected.data === undefined) {
      return (
        <form
          className={layout.body}
          onSubmit={(event) => {
            event.preventDefault();
            void open();
          }}
        >
          <div className={styles.file}>
            <b className="ellipsis" title={file.name}>{file.name}</b>
            <span className="dim small">
              {formatBytes(file.bytes)}, made {formatExact(file.createdAt)} by Signalbox {file.program}
            </span>
          </div>
          <PasswordInput
            label="Passphrase of this backup"
            autoComplete="off"
            data-autofocus
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            error={wrong}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the passphrase' }}
          />
          {inspected.problem && wrong === undefined && <ProblemNotice error={inspected.problem} />}
          {picked.problem && <ProblemNotice error={picked.problem} />}
          <div className={layout.actions}>
            <Button onClick={() => void pick()}>Choose another file</Button>
            <Button type="submit" variant="filled" disabled={passphrase === ''}>Open it</Button>
          </div>
        </form>
      );
    }
    return (
      <div className={layout.body}>
        <Contents contents={inspected.data} />
        <Note tone="warning">
          This takes the place of all that is on this computer now. That is not deleted: it is kept beside it, in a folder
          with today’s date. Everybody signs in anew, with the accounts of then.
          {status.session.state === 'signed_in' && ' Work that runs now is stopped.'}
        </Note>
        {restored.problem && <ProblemNotice error={restored.problem} />}
        <div className={layout.actions}>
          <Button onClick={onClose} data-autofocus>Cancel</Button>
          <Button variant="filled" className={layout.danger} onClick={() => void restore()}>Restore this backup</Button>
        </div>
      </div>
    );
  };
  return (
    <Modal
      // Over the screen of a failure, which stands over every other dialog.
      zIndex={1_100}
      opened
      onClose={busy ? () => undefined : onClose}
      withCloseButton={!busy}
      title="Restore a backup"
      size={500}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {body()}
    </Modal>
  );
}

interface ChooseProps {
  problem: unknown;
  busy: boolean;
  onPick(): void;
  onClose(): void;
}
function Choose({ problem, busy, onPick, onClose }: ChooseProps) {
  return (
    <div className={layout.body}>
      <p className="dim">
        Choose the file that “Back up” made. Nothing is changed until you have seen what is in it and said so.
      </p>
      {problem !== null && <ProblemNotice error={problem} />}
      <div className={layout.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" loading={busy} onClick={onPick} data-autofocus>Choose a backup…</Button>
      </div>
    </div>
  );
}
