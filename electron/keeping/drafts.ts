// What people were writing in forms, kept over a restart: encrypted by the keychain, and without one in memory alone.
import { z } from 'zod';
import type { Clock } from '../embedded/backend.ts';
import type { JsonStore } from '../native/store.ts';
import type { Keychain } from '../session/keychain.ts';

const SAVE_AFTER_MS = 300;
/** An older one is nobody's any more. */
const MOST_AGE_MS = 30 * 86_400_000;
/** Of one person in one workspace; the oldest give way. The notes of a whole review fit, as of one without a backend. */
const MOST = 200;

/** By connection: the drafts, encrypted by the keychain, base64. */
export const savedDrafts = z.object({ drafts: z.record(z.string(), z.string()).default({}) });
export type SavedDrafts = z.infer<typeof savedDrafts>;

const entries = z.array(z.object({ owner: z.string(), name: z.string(), text: z.string(), at: z.number() }));

/** Whose drafts: of a connection, and in it of one person in one workspace. */
export interface DraftOwner {
  connection: string;
  /** From the session, never from the page. */
  owner: string;
}
interface Entry extends DraftOwner {
  name: string;
  text: string;
  at: number;
}

/** `Holder`: a window. */
export interface DraftBook<Holder> {
  /** What a window writes now; null: it was sent or discarded. Two windows may write the same form. */
  keep(whose: DraftOwner, holder: Holder, draft: { name: string; text: string | null }): void;
  /** What no window holds: from now on this one does. */
  take(whose: DraftOwner, holder: Holder): string[];
  /** A window is gone. Answers whether it held any: they are free for another. */
  release(holder: Holder): boolean;
  forget(connection: string): void;
  /** How many would be lost if the app ended now. */
  unkept(): number;
  flush(): void;
}

export interface DraftBookParts {
  store: JsonStore<SavedDrafts>;
  keychain: Keychain | null;
  clock: Clock;
}

export function createDraftBook<Holder extends object>({ store, keychain, clock }: DraftBookParts): DraftBook<Holder> {
  const all = new Map<string, Entry[]>();
  const holders = new Map<Entry, Holder>();
  /** Connections whose drafts differ from what the file has of them. */
  const unsaved = new Set<string>();
  let cancelSave: (() => void) | null = null;

  function of(connection: string): Entry[] {
    const known = all.get(connection) ?? read(connection);
    all.set(connection, known);
    return known;
  }

  function read(connection: string): Entry[] {
    const encrypted = store.read().drafts[connection];
    if (keychain === null || encrypted === undefined) return [];
    try {
      const kept = entries.parse(JSON.parse(keychain.decrypt(encrypted)));
      return kept.filter(({ at }) => clock.now() - at < MOST_AGE_MS).map((entry) => ({ ...entry, connection }));
    } catch {
      // Encrypted by a keychain that is gone.
      return [];
    }
  }

  function changed(connection: string, next: Entry[]): void {
    const mine = new Map(Map.groupBy(next, ({ owner }) => owner));
    const kept = new Set([...mine.values()].flatMap((given) => given.toSorted((one, other) => other.at - one.at).slice(0, MOST)));
    all.set(connection, next.filter((entry) => kept.has(entry)));
    unsaved.add(connection);
    cancelSave ??= clock.after(SAVE_AFTER_MS, save);
  }

  function save(): void {
    cancelSave?.();
    cancelSave = null;
    if (keychain === null) return;
    for (const connection of unsaved) {
      const { [connection]: _before, ...others } = store.read().drafts;
      const entriesNow = of(connection).map(({ owner, name, text, at }) => ({ owner, name, text, at }));
      try {
        store.write({ drafts: entriesNow.length === 0 ? others : { ...others, [connection]: keychain.encrypt(JSON.stringify(entriesNow)) } });
        unsaved.delete(connection);
      } catch {
        // A full disk, a keychain that was locked meanwhile: it is tried again at the next change, and asked about at the end.
      }
    }
  }

  return {
    keep({ connection, owner }, holder, { name, text }) {
      const before = of(connection);
      const same = before.find((entry) => entry.owner === owner && entry.name === name && holders.get(entry) === holder);
      if (same === undefined && text === null) return;
      if (same !== undefined) holders.delete(same);
      const others = before.filter((entry) => entry !== same);
      if (text === null) return changed(connection, others);
      const entry: Entry = { connection, owner, name, text, at: clock.now() };
      holders.set(entry, holder);
      changed(connection, [...others, entry]);
    },
    take({ connection, owner }, holder) {
      const mine = of(connection).filter((entry) => entry.owner === owner);
      const names = new Set(mine.filter((entry) => holders.get(entry) === holder).map(({ name }) => name));
      for (const entry of mine) {
        // A second one of the same form waits until the first is sent or discarded.
        if (holders.has(entry) || names.has(entry.name)) continue;
        names.add(entry.name);
        holders.set(entry, holder);
      }
      return mine.filter((entry) => holders.get(entry) === holder).map(({ text }) => text);
    },
    release(holder) {
      const held = [...holders].filter(([, other]) => other === holder).map(([entry]) => entry);
      for (const entry of held) holders.delete(entry);
      return held.length > 0;
    },
    forget(connection) {
      for (const entry of of(connection)) holders.delete(entry);
      changed(connection, []);
      save();
    },
    unkept() {
      save();
      return [...unsaved].reduce((sum, connection) => sum + of(connection).length, 0);
    },
    flush: save,
  };
}
