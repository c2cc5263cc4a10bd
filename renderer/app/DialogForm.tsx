// A form in its dialog: what is written, what was refused of it, and at its foot the ways out, always in sight.
import type { FormEvent, ReactNode } from 'react';
import type { Problem } from '../../shared/errors.ts';
import type { Permission } from '../../shared/permissions.ts';
import styles from '../components/dialog.module.css';
import { NotNow } from '../components/FormDialog.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { MayButton } from './me.tsx';

interface DialogFormProps {
  onSubmit(event: FormEvent<HTMLFormElement>): void;
  /** What was refused and no field says. */
  problem: Problem | null;
  /** The fields that say themselves what is wrong with them. */
  fields: readonly string[];
  /** What sending needs. */
  permission: Permission;
  /** The verb on the button: "Create agent". */
  send: string;
  busy: boolean;
  /** What is told above the buttons. */
  told?: ReactNode;
  /** What else can be done, on the other side from sending. */
  aside?: ReactNode;
  children: ReactNode;
}
export function DialogForm({ onSubmit, problem, fields, permission, send, busy, told, aside, children }: DialogFormProps) {
  return (
    <form className={styles.body} onSubmit={onSubmit} noValidate>
      {children}
      {problem && <ProblemNotice error={problem} kept="What you wrote is still here." shownFields={[...fields]} />}
      <div className={styles.foot}>
        {told}
        <div className={styles.footActions}>
          {aside}
          <NotNow />
          <MayButton permission={permission} variant="filled" type="submit" loading={busy}>{send}</MayButton>
        </div>
      </div>
    </form>
  );
}
