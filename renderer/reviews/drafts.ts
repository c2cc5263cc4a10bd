// Notes that are written and not yet saved: kept by the window's storage with each sign, so that neither a refusal
// nor a crash loses them.

export interface Draft {
  text: string;
  /** The version and note that were there when the writing began. */
  version: number;
  note: string;
}

export interface Drafts {
  read(ref: string): Draft | null;
  write(ref: string, draft: Draft): void;
  drop(ref: string): void;
}

/** Of one person and one review. `storage` may refuse: then the drafts live as long as the window. */
export function createDrafts(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null, owner: string): Drafts {
  const key = (ref: string): string => `signalbox:note:${owner}:${ref}`;
  const kept = new Map<string, Draft>();
  return {
    read(ref) {
      const known = kept.get(ref);
      if (known) return known;
      try {
        const text = storage?.getItem(key(ref)) ?? null;
        return text === null ? null : readDraft(text);
      } catch {
        return null;
      }
    },
    write(ref, draft) {
      kept.set(ref, draft);
      try {
        storage?.setItem(key(ref), JSON.stringify(draft));
      } catch {
        // Full or forbidden: the draft is kept by the window.
      }
    },
    drop(ref) {
      kept.delete(ref);
      try {
        storage?.removeItem(key(ref));
      } catch {
        // As above.
      }
    },
  };
}

function readDraft(text: string): Draft | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return null;
  const { text: written, version, note } = value as Record<string, unknown>;
  if (typeof written !== 'string' || typeof version !== 'number' || typeof note !== 'string') return null;
  return { text: written, version, note };
}
