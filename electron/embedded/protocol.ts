// The messages between main and the backend's own process (utilityProcess, entry backend/embedded.ts).
import type { JobRequest } from './jobs.ts';

/** Tells the backend where it lives and with which key; sent once, right after the fork. */
export interface StartMessage {
  kind: 'start';
  dataDir: string;
  /** 32 bytes in base64. */
  masterKey: string;
  /** 0 picks a free one. */
  port: number;
  migrationsDir: string;
  resourcesDir: string;
  logLevel: string;
}

/** Asks the backend to drain and exit with 0. */
export interface StopMessage {
  kind: 'stop';
}

/** Jobs are told apart by their number; see jobs.ts. */
export type BackendRequest = StartMessage | StopMessage | (JobRequest & { job: number });

export type BackendReport =
  | { event: 'listening'; url: string }
  | { event: 'failed'; code: string; title: string; message: string; action: string };

/** Reads a message of the backend's process; null for anything that is not one of ours. */
export function readReport(message: unknown): BackendReport | null {
  if (typeof message !== 'object' || message === null || !('event' in message)) return null;
  const report = message as Record<string, unknown>;
  if (report.event === 'listening' && typeof report.url === 'string') {
    return { event: 'listening', url: report.url };
  }
  if (report.event !== 'failed') return null;
  return {
    event: 'failed',
    code: textOr(report.code, 'internal'),
    title: textOr(report.title, 'The backend did not start'),
    message: textOr(report.message, 'It gave no reason.'),
    action: textOr(report.action, 'Restart the backend.'),
  };
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}
