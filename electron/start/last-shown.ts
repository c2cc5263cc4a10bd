// What a connection's window showed last, so that the next start can show it before the backend is there. It is sealed
// with a key of its own that lies, encrypted by the keychain, in the remembered session: with the session the key goes.
// Read before anything heavy is loaded, so it knows neither zod nor electron-store.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keychain } from '../session/keychain.ts';
import { KEY_BYTES, seal, unseal } from './sealed.ts';

/** Larger ones are not kept, in bytes of text. */
export const MOST_SHOWN_BYTES = 4_000_000;
/** As long as a session lives that nobody uses: an older one belongs to a session that is over. */
const MOST_AGE_MS = 30 * 86_400_000;
const connectionId = /^[a-z0-9-]{1,64}$/;

/** The part of a remembered session that is read here; from a file, so anything may be missing. */
export interface RememberedSession {
  server?: string | undefined;
  refreshToken?: string | undefined;
  /** Encrypted by the keychain. */
  shownKey?: string | undefined;
}

export interface ShownPlace {
  /** The folder of all connections' files. */
  folder: string;
  connection: string;
  /** Which build drew it: another one's data may have another shape. */
  build: string;
}

/** Null: nothing was kept, it is another build's, or there is no remembered session that opens it. */
export function readShown(place: ShownPlace, remembered: RememberedSession, keychain: Keychain | null): string | null {
  const { shownKey, refreshToken } = remembered;
  if (keychain === null || shownKey === undefined || refreshToken === undefined) return null;
  if (!connectionId.test(place.connection)) return null;
  try {
    // The file first: asking the keychain takes longer, and without a file there is nothing to ask it for.
    const sealed = readFileSync(fileOf(place));
    if (Date.now() - statSync(fileOf(place)).mtimeMs > MOST_AGE_MS) return null;
    const key = Buffer.from(keychain.decrypt(shownKey), 'base64');
    return unseal(sealed, key, contextOf(place, remembered));
  } catch {
    return null;
  }
}

/** Throws where the disk does not take it; what was there before stays then. */
export function writeShown(place: ShownPlace, remembered: RememberedSession, given: { text: string; key: Buffer }): void {
  if (!connectionId.test(place.connection) || given.text.length > MOST_SHOWN_BYTES) return;
  mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  const temporary = `${fileOf(place)}.new`;
  writeFileSync(temporary, seal(given.text, given.key, contextOf(place, remembered)), { mode: 0o600 });
  renameSync(temporary, fileOf(place));
}

/** Removes what is kept of a connection; nothing there is well too. */
export function dropShown({ folder, connection }: Pick<ShownPlace, 'folder' | 'connection'>): void {
  if (!connectionId.test(connection)) return;
  rmSync(join(folder, connection), { force: true });
  rmSync(join(folder, `${connection}.new`), { force: true });
}

/** A new key, as base64. */
export const makeShownKey = (): string => randomBytes(KEY_BYTES).toString('base64');

const fileOf = ({ folder, connection }: ShownPlace): string => join(folder, connection);

const contextOf = ({ build, connection }: ShownPlace, { server }: RememberedSession): string =>
  [build, connection, server ?? ''].join('\n');
