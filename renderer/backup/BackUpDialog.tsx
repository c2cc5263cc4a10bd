// Makes a backup: a passphrase, written twice, a place for the file, and then the proof that it can be read.
import { Button, Modal, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCircleCheck } from '@tabler/icons-react';
import { passphrase as schema, PASSPHRASE_LEAST } from '../../shared/backup.ts';
import layout from '../components/dialog.module.css';
import { focusFirstError, wordsOf } from '../components/form.ts';
import { Note, ProblemNotice } from '../components/ProblemNotice.tsx';
import { useAsk } from '../components/useAsk.ts';
import { Contents } from './Contents.tsx';
import { useBackupProgress } from './useBackupProgress.ts';
import { Working } from './Working.tsx';
import styles from './backup.module.css';

const eye = { 'aria-label': 'Show or hide the passphrase' };

/** `onMade`: a backup was made and proved. */
export function BackUpDialog({ onClose, onMade }: { onClose(): void; onMade(): void }) {
  const { data, problem, busy, ask } = useAsk('backup:make');
  const progress = useBackupProgress();
  const form = useForm({
    initialValues: { passphrase: '', again: '' },
    validate: {
      passphrase: wordsOf(schema),
      again: (value, values) => (value === values.passphrase ? null : 'This is not the same passphrase.'),
    },
    validateInputOnBlur: ['passphrase'],
  });
  const make = async ({ passphrase }: { passphrase: string }): Promise<void> => {
    if (await ask({ passphrase })) onMade();
  };
  const done = data !== undefined && data !== null;
  return (
    <Modal
      opened
      onClose={busy ? () => undefined : onClose}
      withCloseButton={!busy}
      title={done ? 'Backup verified' : 'Back up this computer’s workspaces'}
      size={500}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {done ? (
        <div className={layout.body}>
          <div className={styles.verified}>
            <IconCircleCheck size={18} aria-hidden />
            <span>The file was read back, opened as a database, and is the same: migrations, rows of every table, audit logs, master key.</span>
          </div>
          <Contents contents={data} />
          <Note>Keep the passphrase where you find it in a year. Without it nobody can open this file, you included.</Note>
          <div className={layout.actions}>
            <Button variant="filled" onClick={onClose} data-autofocus>Done</Button>
          </div>
        </div>
      ) : busy ? (
        <Working progress={progress} first="Choose where the backup goes." />
      ) : (
        <form className={layout.body} noValidate onSubmit={form.onSubmit((values) => void make(values), focusFirstError)}>
          <p className="dim">
            One file with the database and the master key, encrypted under a passphrase. Work stands still for a few seconds
            while it is copied.
          </p>
          <PasswordInput
            label="Passphrase"
            description={`At least ${PASSPHRASE_LEAST} characters; several words are easiest to remember.`}
            autoComplete="new-password"
            data-autofocus
            visibilityToggleButtonProps={eye}
            {...form.getInputProps('passphrase')}
          />
          <PasswordInput
            label="Passphrase once more"
            autoComplete="new-password"
            visibilityToggleButtonProps={eye}
            {...form.getInputProps('again')}
          />
          {data === null && <Note>No place was chosen, so nothing was written.</Note>}
          {problem && <ProblemNotice error={problem} />}
          <div className={layout.actions}>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="filled">Choose a place and back up</Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
