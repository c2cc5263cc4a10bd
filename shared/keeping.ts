// What the console does for the data on this computer: its folder, backups, the report of trouble, and the demo.
import { z } from 'zod';
import { passphrase, type BackupContents, type BackupProgress, type LastBackup } from './backup.ts';
import type { Problem } from './errors.ts';

/** What lies on the disk, in bytes. */
export interface DataInfo {
  /** Shown, and never used by a window. */
  folder: string;
  kinds: { kind: 'database' | 'logs' | 'kept' | 'other'; bytes: number }[];
  /** Folders that a restore has put aside, the newest first. */
  kept: { folder: string; at: string | null; bytes: number }[];
  freeBytes: number | null;
  lastBackup: LastBackup | null;
}

/** A backup that the person picked: its name and what it says of itself, never a path. */
export interface PickedBackup {
  name: string;
  bytes: number;
  createdAt: string;
  program: string;
}

/** How far the making of the demo is. */
export interface DemoProgress {
  step: number;
  steps: number;
  /** What is done now, in words. */
  doing: string;
  /** It stopped here; trying again goes on where it stopped. */
  problem: Problem | null;
}

export interface DemoStatus {
  /** This window's backend can have one. */
  offered: boolean;
  /** One was left here, and can be entered again. */
  kept: boolean;
  making: DemoProgress | null;
  /** Work comes in by itself now. */
  trickle: boolean;
}

/** What this Signalbox is made of. */
export interface AboutInfo {
  versions: Record<string, string>;
  /** Of everything that is shipped with it. */
  licences: { name: string; version: string; licence: string }[];
}

export type Answered<Data> = { ok: true; data: Data } | { ok: false; problem: Problem };

export const keepingRequests = {
  'app:about': z.undefined(),
  'data:info': z.undefined(),
  'data:show': z.undefined(),
  /** Asks where to, writes the backup and proves it. */
  'backup:make': z.object({ passphrase }),
  'backup:pick': z.undefined(),
  /** Of the one that was picked last in this window. */
  'backup:inspect': z.object({ passphrase: z.string().min(1).max(500) }),
  'backup:restore': z.object({ passphrase: z.string().min(1).max(500) }),
  'diagnostics:collect': z.undefined(),
  /** Saves what was collected last in this window, as it was shown. */
  'diagnostics:save': z.undefined(),
  /** Makes the demo, goes on making it, or enters the one that is kept. */
  'demo:start': z.undefined(),
  /** Whether work comes in by itself. */
  'demo:trickle': z.object({ on: z.boolean() }),
  'demo:leave': z.object({ delete: z.boolean() }),
} as const satisfies Record<string, z.ZodType>;

export interface KeepingResults {
  'app:about': AboutInfo;
  /** Null: this window's backend is on a server. */
  'data:info': Answered<DataInfo | null>;
  'data:show': null;
  /** Null: the person cancelled. */
  'backup:make': Answered<BackupContents | null>;
  'backup:pick': Answered<PickedBackup | null>;
  'backup:inspect': Answered<BackupContents>;
  'backup:restore': Answered<{ kept: string | null }>;
  'diagnostics:collect': Answered<{ text: string }>;
  'diagnostics:save': { ok: true; saved: boolean } | { ok: false; problem: Problem };
  'demo:start': Answered<null>;
  'demo:trickle': Answered<null>;
  'demo:leave': Answered<null>;
}

export interface KeepingNotices {
  /** Null: none is being made, read or restored. */
  'backup:progress': BackupProgress | null;
}
