// Where the refresh token outlives the app: encrypted by the keychain, or not at all.
import { z } from 'zod';
import type { JsonStore } from '../native/store.ts';
import type { Keychain } from './keychain.ts';

/** `server`: the backend that issued the token; it is never sent to another one. */
export const savedSession = z.object({
  server: z.string().optional(),
  /** Encrypted by the keychain, base64. */
  refreshToken: z.string().optional(),
  /** Of what the window showed last (start/last-shown.ts); encrypted by the keychain, gone with the session. */
  shownKey: z.string().optional(),
});
export type SavedSession = z.infer<typeof savedSession>;

/** By the id of the connection. */
export const savedSessions = z.object({ sessions: z.record(z.string(), savedSession).default({}) });
export type SavedSessions = z.infer<typeof savedSessions>;

/** The part of the file that is one connection's: it can neither read nor write another's. */
export function sessionOf(store: JsonStore<SavedSessions>, connectionId: string): JsonStore<SavedSession> {
  return {
    read: () => store.read().sessions[connectionId] ?? {},
    write(value) {
      const { [connectionId]: _before, ...others } = store.read().sessions;
      store.write({ sessions: value.refreshToken === undefined ? others : { ...others, [connectionId]: value } });
    },
  };
}

export interface TokenStore {
  /** Whether what is saved survives the app. */
  readonly remembers: boolean;
  load(): string | null;
  save(refreshToken: string): void;
  clear(): void;
}

export interface TokenStoreParts {
  store: JsonStore<SavedSession>;
  keychain: Keychain | null;
  server: string;
  /** The session is over: what else was kept of it goes too. */
  onClear?(): void;
}

/** Keeps nothing when there is no keychain. */
export function createTokenStore({ store, keychain, server, onClear }: TokenStoreParts): TokenStore {
  let remembers = keychain !== null;
  return {
    get remembers() {
      return remembers;
    },
    load() {
      const saved = store.read();
      if (keychain === null || saved.refreshToken === undefined || saved.server !== server) return null;
      try {
        return keychain.decrypt(saved.refreshToken);
      } catch {
        // Encrypted by a keychain that is gone: the person signs in again.
        return null;
      }
    },
    save(refreshToken) {
      if (keychain === null) return;
      try {
        const before = store.read();
        const { shownKey } = before.server === server ? before : {};
        store.write({ server, refreshToken: keychain.encrypt(refreshToken), ...(shownKey && { shownKey }) });
        remembers = true;
      } catch {
        // A keychain that was locked meanwhile, a full disk: the session goes on, unremembered, and says so.
        remembers = false;
      }
    },
    clear() {
      onClear?.();
      try {
        store.write({});
      } catch {
        // What cannot be removed is refused by the backend from now on: the session was ended there.
        remembers = false;
      }
    },
  };
}
