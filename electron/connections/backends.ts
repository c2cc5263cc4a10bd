// Which backend stands behind a connection: this computer's own process, or a server elsewhere.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Backend } from '../embedded/backend.ts';
import { forkBackend } from '../embedded/fork.ts';
import { adoptMasterKey, keepMasterKey, loadMasterKey, type MasterKeyPlace } from '../embedded/master-key.ts';
import { createSupervisor } from '../embedded/supervisor.ts';
import type { Places } from '../native/places.ts';
import type { Keychain } from '../session/keychain.ts';
import { createRemoteBackend } from '../session/remote-backend.ts';
import type { ConnectionRecord } from './records.ts';

export interface BackendParts {
  places: Places;
  keychain: Keychain | null;
  environment: NodeJS.ProcessEnv;
  log(text: string): void;
}

/** Makes the backend of a connection; it is not started yet. */
export function makeBackend(parts: BackendParts, record: ConnectionRecord, onStatus: () => void): Backend {
  const { places, keychain, environment } = parts;
  if (record.url !== null) return createRemoteBackend({ url: record.url, fetch, clock: systemClock, onStatus });
  const place = { path: places.masterKey, keychain, databaseThere: () => databaseThere(places.dataDir) };
  return createSupervisor({
    fork: () => forkBackend({ path: places.backend, name: 'Signalbox backend', log: parts.log }),
    startMessage: (givenKey) => ({
      kind: 'start',
      dataDir: places.dataDir,
      masterKey: environment.SIGNALBOX_MASTER_KEY ?? givenKey ?? readMasterKey(places, place),
      port: portFrom(environment.PORT),
      migrationsDir: places.migrations,
      checklistsDir: places.checklists,
      resourcesDir: places.resources,
      logLevel: environment.LOG_LEVEL ?? 'info',
    }),
    clock: systemClock,
    onStatus,
    keepKey: (key) => keepMasterKey(place, key),
  });
}

/** The key of this computer's data folder; one of an earlier place or of a server is taken over first. */
function readMasterKey(places: Places, place: MasterKeyPlace): string {
  adoptMasterKey(place.path, place.keychain, {
    beside: places.masterKeyBefore,
    server: join(places.dataDir, 'master.key'),
  });
  return loadMasterKey(place);
}

/** One whose making was cut short holds nothing yet, and is made anew. */
function databaseThere(dataDir: string): boolean {
  return existsSync(join(dataDir, 'database')) && !existsSync(join(dataDir, 'database.unfinished'));
}

/** Agents find the embedded backend at 4180 unless told otherwise; 0 takes a free port. */
function portFrom(text: string | undefined): number {
  const port = Number(text ?? 4180);
  return Number.isInteger(port) && port >= 0 && port < 65_536 ? port : 4180;
}

/** The server that the environment names, or null. */
export function presetServer(environment: NodeJS.ProcessEnv): string | null {
  const server = environment.SIGNALBOX_SERVER_URL;
  return server === undefined || server === '' ? null : server.replace(/\/+$/, '');
}

/** What a token is bound to: it is never sent to another backend than the one that issued it. */
export function tokenHome(record: ConnectionRecord, places: Places): string {
  return record.url ?? `embedded:${places.dataDir}`;
}
