// Notes that are written and not yet saved: kept with each sign as everything half written is, by main and encrypted, so
// that neither a refusal nor the end of the app loses them.
import type { StoreApi } from 'zustand';
import type { DraftStore } from '../components/draft.ts';

export interface Draft {
  text: string;
  /** The version and note that were there when the writing began. */
  version: number;
  note: string;
}

export interface Drafts {
  /** Tells of what comes in from a window that was closed. */
  store: Pick<StoreApi<unknown>, 'getState' | 'getInitialState' | 'subscribe'>;
  read(ref: string): Draft | null;
  write(ref: string, draft: Draft): void;
  drop(ref: string): void;
  /** The items that have one, the first written first. */
  refs(): string[];
}

/** Of one review. */
export function createDrafts(store: DraftStore, review: string): Drafts {
  const prefix = `note ${review} `;
  return {
    store,
    read: (ref) => readDraft(store.find(prefix + ref)?.values),
    write(ref, draft) {
      // Nobody is asked about it: the bar of the review says which notes are not saved.
      const path = `/reviews/${review}?item=${encodeURIComponent(ref)}`;
      store.keep({ name: prefix + ref, what: `the note of ${ref}`, path, values: { ...draft }, quiet: true });
    },
    drop: (ref) => store.drop(prefix + ref),
    refs: () =>
      store.getState().kept.flatMap(({ name, values }) => (name.startsWith(prefix) && readDraft(values) ? [name.slice(prefix.length)] : [])),
  };
}

function readDraft(values: Record<string, unknown> | undefined): Draft | null {
  const { text, version, note } = values ?? {};
  if (typeof text !== 'string' || typeof version !== 'number' || typeof note !== 'string') return null;
  return { text, version, note };
}
