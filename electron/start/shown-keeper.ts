// Keeps what a connection's window shows, for its next start; only of a session that is remembered.
import type { Me } from '../../shared/identity.ts';
import type { Shown } from '../../shared/ipc.ts';
import type { JsonStore } from '../native/store.ts';
import type { Keychain } from '../session/keychain.ts';
import type { SavedSession } from '../session/token-store.ts';
import { dropShown, makeShownKey, writeShown } from './last-shown.ts';

export interface ShownKeeper {
  /** `me`: whose session it is, from the session itself. A disk or keychain that refuses costs a slower start only. */
  keep(connection: string, me: Me, given: Omit<Shown, 'me'>): void;
  /** The session is over. */
  drop(connection: string): void;
}

export interface ShownKeeperParts {
  folder: string;
  build: string;
  keychain: Keychain | null;
  sessionOf(connection: string): JsonStore<SavedSession>;
}

/** Keeps nothing without a keychain. */
export function createShownKeeper({ folder, build, keychain, sessionOf }: ShownKeeperParts): ShownKeeper {
  const keys = new Map<string, Buffer>();

  function keyOf(connection: string, chain: Keychain): Buffer | null {
    const known = keys.get(connection);
    if (known !== undefined) return known;
    const session = sessionOf(connection);
    const saved = session.read();
    if (saved.refreshToken === undefined) return null;
    const key = saved.shownKey === undefined ? makeShownKey() : chain.decrypt(saved.shownKey);
    if (saved.shownKey === undefined) session.write({ ...saved, shownKey: chain.encrypt(key) });
    const bytes = Buffer.from(key, 'base64');
    keys.set(connection, bytes);
    return bytes;
  }

  function drop(connection: string): void {
    keys.delete(connection);
    dropShown({ folder, connection });
  }

  return {
    keep(connection, me, given) {
      if (keychain === null) return;
      const shown: Shown = { ...given, me };
      try {
        const key = keyOf(connection, keychain);
        if (key === null) return;
        const remembered = sessionOf(connection).read();
        writeShown({ folder, build, connection }, remembered, { text: JSON.stringify(shown), key });
      } catch {
        // The disk is full, or the keychain was locked meanwhile: what was kept before may be out of date by far.
        drop(connection);
      }
    },
    drop,
  };
}
