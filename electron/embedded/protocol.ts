// The messages between main and the backend's own process (utilityProcess, entry backend/embedded.ts).
import { z } from 'zod';
import { failureReason, type FailureReason } from '../../shared/backend-status.ts';
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
  checklistsDir: string;
  resourcesDir: string;
  logLevel: string;
}

/** Asks the backend to drain and exit with 0. */
export interface StopMessage {
  kind: 'stop';
}

/** Asks whether it still answers. */
export interface PingMessage {
  kind: 'ping';
}

/** Jobs are told apart by their number; see jobs.ts. */
export type BackendRequest = StartMessage | StopMessage | PingMessage | (JobRequest & { job: number });

export type BackendReport =
  | { event: 'listening'; url: string; putBack: number }
  | { event: 'doing'; what: string }
  | { event: 'pong' }
  | { event: 'disk'; low: boolean; freeBytes: number; neededBytes: number }
  | { event: 'failed'; reason: FailureReason; title: string; message: string; action: string };

const report = z.discriminatedUnion('event', [
  z.object({ event: z.literal('listening'), url: z.string(), putBack: z.number().int().default(0) }),
  z.object({ event: z.literal('doing'), what: z.string() }),
  z.object({ event: z.literal('pong') }),
  z.object({ event: z.literal('disk'), low: z.boolean(), freeBytes: z.number(), neededBytes: z.number() }),
]);

/** Reads a message of the backend's process; null for anything that is not one of ours. */
export function readReport(message: unknown): BackendReport | null {
  const read = report.safeParse(message);
  if (read.success) return read.data;
  if (typeof message !== 'object' || message === null || !('event' in message) || message.event !== 'failed') return null;
  const failed = message as Record<string, unknown>;
  return {
    event: 'failed',
    reason: failureReason(failed.reason),
    title: textOr(failed.title, 'The backend did not start'),
    message: textOr(failed.message, 'It gave no reason.'),
    action: textOr(failed.action, 'Try again.'),
  };
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}
