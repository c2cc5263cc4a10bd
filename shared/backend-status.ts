// How a backend stands, as its windows are told: what happened, since when, and what a person can do about it.

/** Why a backend cannot be used; the ways out that are offered follow from it. */
export const failureReasons = [
  'crash_loop',
  'data_folder_in_use',
  'data_folder_unusable',
  'disk_full',
  'newer_database',
  'database_unreadable',
  'database_missing',
  'key_missing',
  'key_locked',
  'key_unreadable',
  'key_wrong',
  'unreachable',
  'other',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** The reason behind its name; `other` for one that is not known here. */
export function failureReason(name: unknown): FailureReason {
  return failureReasons.find((known) => known === name) ?? 'other';
}

/** What went wrong, in the words that are shown: what happened, what was kept, what to do. */
export interface Trouble {
  title: string;
  message: string;
  action: string;
}

/** This computer's backend stopped and was started again. */
export interface CrashNote {
  /** When it did so last. */
  at: string;
  /** How often within the last hour. */
  times: number;
  how: 'ended' | 'hung' | 'disk_full';
  /** Tasks that it ran and that were put back without spending an attempt; null until that is known. */
  putBack: number | null;
}

export interface DiskNote {
  freeBytes: number;
  /** From so many bytes on changes are taken again. */
  neededBytes: number;
}

export type BackendStatus =
  /** `doing`: what takes its time, such as an update of the database. */
  | { state: 'starting'; doing?: string; crash?: CrashNote }
  /** `portTaken`: the port that agents expect, held by another program. `disk`: changes are refused for want of room. */
  | { state: 'ready'; url: string; crash?: CrashNote; portTaken?: number; disk?: DiskNote }
  /** It was ready and is not now; it is asked again by itself. */
  | ({ state: 'away'; since: string; tries: number; nextTryAt: string | null } & Trouble)
  /** It cannot be used until something is done. `log`: its last lines. `nextTryAt`: when it is tried again by itself. */
  | ({ state: 'failed'; reason?: FailureReason; log?: string[]; nextTryAt?: string | null } & Trouble);

export type FailedBackend = Extract<BackendStatus, { state: 'failed' }>;

/** What a window may ask for when the backend of this computer cannot be used. */
export const waysOut = ['set_aside', 'show_folder', 'save_log'] as const;
export type WayOut = (typeof waysOut)[number];
