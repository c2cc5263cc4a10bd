// What can be wrong with a backup, each in its own words; `details.reason` tells them apart.
import { AppError } from '../../shared/errors.ts';

export type BackupReason =
  | 'foreign_file'
  | 'newer_backup'
  | 'damaged_backup'
  | 'truncated_backup'
  | 'wrong_passphrase'
  | 'backup_not_proved';

const make = (reason: BackupReason, message: string, cause?: unknown) =>
  new AppError('malformed_request', message, { details: { reason }, cause });

export const foreignFile = () =>
  make('foreign_file', 'This file is not a Signalbox backup. Choose one that “Back up” made. Nothing was changed.');

export const newerBackup = (program: string) =>
  make(
    'newer_backup',
    `This backup was made by a newer Signalbox (${program}). Update Signalbox, then restore it. Nothing was changed.`,
  );

export const damaged = (cause?: unknown) =>
  make(
    'damaged_backup',
    'This backup is damaged: what it holds is not what was written. Use another copy of it. Nothing was changed.',
    cause,
  );

export const truncated = () =>
  make(
    'truncated_backup',
    'This backup is cut short: its end is missing. Copy the file again, or use another one. Nothing was changed.',
  );

export const wrongPassphrase = () =>
  new AppError('validation_failed', 'The passphrase does not open this backup.', {
    details: {
      reason: 'wrong_passphrase' satisfies BackupReason,
      fields: [{ path: 'passphrase', message: 'This is not the passphrase of this backup.' }],
    },
  });

export const notProved = (difference: string) =>
  make('backup_not_proved', `The backup was read back and is not right: ${difference}. It was not kept; make it again.`);

const diskReasons: Record<string, { reason: string; message: string }> = {
  ENOSPC: { reason: 'disk_full', message: 'The disk is full.' },
  EDQUOT: { reason: 'disk_full', message: 'Your quota on that disk is used up.' },
  EROFS: { reason: 'read_only', message: 'That disk is read-only.' },
  EACCES: { reason: 'not_allowed', message: 'You may not write there.' },
  EPERM: { reason: 'not_allowed', message: 'You may not write there.' },
  ENOENT: { reason: 'no_folder', message: 'That folder is not there any more.' },
  EFBIG: { reason: 'disk_full', message: 'That disk takes no file of this size.' },
  EIO: { reason: 'disk_failed', message: 'The disk reported an error.' },
};

/** What the disk refused, as a person reads it; anything else passes as it is. */
export function diskProblem(cause: unknown, kept: string): unknown {
  const known = diskReasons[(cause as NodeJS.ErrnoException | null)?.code ?? ''];
  if (known === undefined) return cause;
  const message = `${known.message} ${kept}`;
  return new AppError('unavailable', message, { cause, details: { reason: known.reason } });
}
