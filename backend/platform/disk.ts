// How much room is left where the embedded database lies. Writes are refused while little is left: a database that
// runs into a full disk in the middle of a write cannot go on, one that is told before can.
import { statfsSync } from 'node:fs';
import { AppError } from '../../shared/errors.ts';
import { megabytes } from './safety-copy.ts';

/** Below this nothing is changed any more: four segments of the database's log, in bytes. */
export const LOW_BYTES = 64_000_000;
/** From here on changes are taken again. */
export const ENOUGH_BYTES = 96_000_000;
/** Below this the database is not even opened: it must write to begin. */
export const CRITICAL_BYTES = 24_000_000;
/** How old an answer of the file system may be. */
const FRESH_MS = 250;

export interface DiskState {
  freeBytes: number;
  low: boolean;
}

export interface Disk {
  read(): DiskState;
  /** Throws `disk_full`, with the figures, while changes are refused. */
  refuseWhenLow(): void;
  /** Is told when changes begin to be refused, and when they are taken again. */
  onChange(listener: (state: DiskState) => void): void;
  close(): void;
}

export interface DiskParts {
  path: string;
  /** Free bytes for an ordinary user; the file system's unless a test says otherwise. */
  freeBytes?: (path: string) => number;
  /** Milliseconds that only go forward. */
  elapsed?: () => number;
  everyMs?: number;
}

function ofFileSystem(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

export function watchDisk({ path, freeBytes = ofFileSystem, elapsed = () => performance.now(), everyMs = 1_000 }: DiskParts): Disk {
  let state: DiskState = { freeBytes: Number.POSITIVE_INFINITY, low: false };
  let readAt = Number.NEGATIVE_INFINITY;
  const listeners = new Set<(state: DiskState) => void>();

  function read(): DiskState {
    if (elapsed() - readAt < FRESH_MS) return state;
    readAt = elapsed();
    let free: number;
    try {
      free = freeBytes(path);
    } catch {
      // A file system that does not answer says nothing about its room.
      return state;
    }
    const low = free < (state.low ? ENOUGH_BYTES : LOW_BYTES);
    const changed = low !== state.low;
    state = { freeBytes: free, low };
    if (changed) for (const listener of listeners) listener(state);
    return state;
  }

  const timer = setInterval(read, everyMs);
  timer.unref();
  read();
  return {
    read,
    refuseWhenLow() {
      if (read().low) throw diskFull(path, state.freeBytes, ENOUGH_BYTES);
    },
    onChange: (listener) => void listeners.add(listener),
    close: () => clearInterval(timer),
  };
}

/** Throws before anything is opened when the disk is as good as full. */
export function checkRoomToOpen(path: string, freeBytes: (path: string) => number = ofFileSystem): void {
  let free: number;
  try {
    free = freeBytes(path);
  } catch {
    return;
  }
  if (free < CRITICAL_BYTES) throw diskFull(path, free, LOW_BYTES);
}

export function diskFull(path: string, freeBytes: number, neededBytes: number): AppError {
  return new AppError(
    'unavailable',
    `The disk is full: ${megabytes(freeBytes)} are free at ${path}, and ${megabytes(neededBytes)} are needed to write. ` +
      'Nothing was changed. Free some space; this goes on by itself then.',
    { details: { reason: 'disk_full', freeBytes, neededBytes } },
  );
}
