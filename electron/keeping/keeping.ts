// Joins what the app does for the data on this computer: the folder, backups, the report of trouble, the demo.
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { AppStatus, Preferences } from '../../shared/ipc.ts';
import type { BackupProgress } from '../../shared/backup.ts';
import { AppError } from '../../shared/errors.ts';
import type { AboutInfo, DataInfo } from '../../shared/keeping.ts';
import type { Connection } from '../connections/connection.ts';
import { createDemo, type Demo, type SavedDemo } from '../demo/demo.ts';
import { systemClock } from '../embedded/backend.ts';
import { forkBackend } from '../embedded/fork.ts';
import { createJobs } from '../embedded/jobs.ts';
import { saveMasterKey } from '../embedded/master-key.ts';
import type { LogFile } from '../native/log-file.ts';
import type { Places } from '../native/places.ts';
import type { JsonStore } from '../native/store.ts';
import type { Keychain } from '../session/keychain.ts';
import { createBackups, masterKeyIn, type BackupProcess, type Backups } from './backups.ts';
import { readDataInfo } from './data.ts';
import { LOG_LINES, writeReport } from './report.ts';

const licences = z.array(z.object({ name: z.string(), version: z.string(), licence: z.string() }));

export interface KeepingParts<Window> {
  places: Places;
  keychain: Keychain | null;
  environment: NodeJS.ProcessEnv;
  log: LogFile;
  /** The connection of this computer's own backend. */
  computer(): Connection;
  isOfComputer(window: Window): boolean;
  connectionOf(window: Window): Connection;
  status(window: Window): AppStatus;
  preferences(): Preferences;
  demoStore: JsonStore<SavedDemo>;
  /** Of the app and what it is made of. */
  versions: Record<string, string>;
  onProgress(progress: BackupProgress | null): void;
  onDemo(): void;
}

export interface Keeping<Window> {
  readonly dataDir: string;
  readonly backups: Backups;
  readonly demo: Demo;
  dataInfo(): Promise<DataInfo>;
  about(): Promise<AboutInfo>;
  report(window: Window): Promise<string>;
}

export function createKeeping<Window>(parts: KeepingParts<Window>): Keeping<Window> {
  const { places, keychain, environment, log } = parts;
  const dataInfo = () => readDataInfo(places.dataDir, places.logs);

  function backend() {
    const { embedded } = parts.computer().backend;
    if (embedded === undefined) throw new AppError('conflict', 'This computer’s own backend does not run here.');
    return embedded;
  }

  function forkBackups(): BackupProcess {
    const child = forkBackend({ path: places.backups, name: 'Signalbox backups', log: log.take });
    const jobs = createJobs();
    child.onMessage((message) => void jobs.hear(message));
    child.onExit(() => jobs.end());
    return {
      ask: (request, onProgress) => jobs.ask((message) => child.postMessage(message), request, onProgress),
      end: () => void child.kill(),
    };
  }

  const backups = createBackups({
    dataDir: places.dataDir,
    migrationsDir: places.migrations,
    fork: forkBackups,
    backend,
    keepMasterKey: (folder, key) => saveMasterKey(masterKeyIn(folder), keychain, key),
    presetKey: environment.SIGNALBOX_MASTER_KEY,
    signOut: async (hint) => {
      await parts.computer().session.signOut(hint);
    },
    onProgress: parts.onProgress,
  });
  const demo = createDemo({
    session: () => parts.computer().session,
    store: parts.demoStore,
    keychain,
    document: (name) => readFile(join(places.plans, name), 'utf8'),
    clock: systemClock,
    onChange: parts.onDemo,
  });

  async function readDatabase(window: Window): Promise<unknown> {
    const { embedded } = parts.connectionOf(window).backend;
    if (embedded === undefined) return 'not asked: the backend is on a server';
    return embedded.ask({ kind: 'database-facts' }).catch((cause: unknown) => ({
      unavailable: cause instanceof Error ? cause.message : 'for a reason that is not known',
    }));
  }

  return {
    dataDir: places.dataDir,
    backups,
    demo,
    dataInfo,
    about: async () => ({ versions: parts.versions, licences: await readLicences(join(places.resources, 'licences.json')) }),
    async report(window) {
      return writeReport({
        at: new Date(),
        status: parts.status(window),
        versions: parts.versions,
        system: systemFacts(),
        preferences: parts.preferences(),
        data: parts.isOfComputer(window) ? await dataInfo() : null,
        database: await readDatabase(window),
        log: await log.tail(LOG_LINES),
        known: { secrets: secretsOf(environment), names: [os.userInfo().username, os.hostname()] },
      });
    },
  };
}

/** Written by the build from what it ships; none in a run from the sources. */
async function readLicences(path: string): Promise<AboutInfo['licences']> {
  try {
    return licences.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return [];
  }
}

function systemFacts(): Record<string, string> {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  return {
    platform: `${process.platform} ${process.arch}, ${os.release()}`,
    memory: `${gigabytes(os.totalmem())}, ${gigabytes(os.freemem())} free`,
    processors: String(os.cpus().length),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
    running: `${Math.round(process.uptime())} s`,
  };
}

/** Every value of a variable whose name says that it is a secret. */
function secretsOf(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(environment)
    .filter(([name]) => /key|token|secret|pass|credential|dsn|database_url/i.test(name))
    .flatMap(([, value]) => (value === undefined ? [] : [value]));
}
