// Jobs given to a process of the backend: asked with a number, followed by their progress, and answered once.
import { AppError, type Problem } from '../../shared/errors.ts';
import type { BackupProgress } from '../../shared/backup.ts';

/** What is asked, without its number. */
export type JobRequest =
  | { kind: 'write-backup'; file: string; passphrase: string }
  | { kind: 'database-facts' }
  | { kind: 'prove'; file: string; passphrase: string; dataDir: string }
  | { kind: 'peek'; file: string }
  | { kind: 'inspect'; file: string; passphrase: string }
  | { kind: 'stage'; file: string; passphrase: string; dataDir: string; migrationsDir: string; running: boolean }
  | { kind: 'finish'; dataDir: string; staged: string };

export type OnProgress = (progress: BackupProgress) => void;
export type Ask = (request: JobRequest, onProgress?: OnProgress) => Promise<unknown>;

export interface Jobs {
  ask(post: (message: JobRequest & { job: number }) => void, request: JobRequest, onProgress?: OnProgress): Promise<unknown>;
  /** Whether the message was about a job. */
  hear(message: unknown): boolean;
  /** The process is gone: whoever waits is told. */
  end(): void;
}

interface Waiting {
  onProgress: OnProgress;
  resolve(answer: unknown): void;
  reject(error: AppError): void;
}

export function createJobs(): Jobs {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  return {
    ask(post, request, onProgress = () => undefined) {
      last += 1;
      const job = last;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.set(job, { onProgress, resolve, reject });
      post({ ...request, job });
      return promise;
    },
    hear(message) {
      const heard = message as { event?: unknown; job?: unknown; progress?: unknown; answer?: unknown; problem?: unknown } | null;
      const known = typeof heard?.job === 'number' ? waiting.get(heard.job) : undefined;
      if (heard === null || known === undefined) return false;
      if (heard.event === 'progress') known.onProgress(heard.progress as BackupProgress);
      else {
        waiting.delete(heard.job as number);
        if (heard.event === 'done') known.resolve(heard.answer);
        else known.reject(errorOf(heard.problem as Problem));
      }
      return true;
    },
    end() {
      const gone = [...waiting.values()];
      waiting.clear();
      for (const { reject } of gone) {
        reject(new AppError('unavailable', 'The process that did this has stopped. Nothing was changed; try again.', { details: { reason: 'process' } }));
      }
    },
  };
}

/** The error that the other process made a document of. */
function errorOf({ type: _type, title: _title, status: _status, code, detail, ...details }: Problem): AppError {
  return new AppError(code, detail, { details });
}
