// Half-written notes of reviews that an earlier version kept in the page's storage, in the clear: taken into the drafts.
import type { DraftStore } from '../components/draft.ts';

const PREFIX = 'signalbox:note:';
/** When this version first saw notes of other people; theirs wait for them as long as a draft does, and then go. */
const SEEN = 'signalbox:notes-seen';
const MOST_AGE_MS = 30 * 86_400_000;

/** Takes those of a person out of the window's storage; what is kept already goes before them. */
export function takeOldNotes(user: string, drafts: DraftStore, now = Date.now()): void {
  const storage = window.localStorage;
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) => key.startsWith(PREFIX));
  const mine = keys.filter((key) => key.startsWith(`${PREFIX}${user}:`));
  for (const key of mine) {
    const [review = '', ...ref] = key.slice(PREFIX.length + user.length + 1).split(':');
    takeOne(drafts, { review, ref: ref.join(':'), text: storage.getItem(key) ?? '' });
    storage.removeItem(key);
  }
  const others = keys.filter((key) => !mine.includes(key));
  const seen = Number(storage.getItem(SEEN) ?? now);
  if (others.length === 0 || now - seen > MOST_AGE_MS) for (const key of [...others, SEEN]) storage.removeItem(key);
  else storage.setItem(SEEN, String(seen));
}

function takeOne(drafts: DraftStore, { review, ref, text }: { review: string; ref: string; text: string }): void {
  const name = `note ${review} ${ref}`;
  const values = read(text);
  if (values === null || drafts.find(name)) return;
  drafts.keep({ name, what: `the note of ${ref}`, path: `/reviews/${review}?item=${encodeURIComponent(ref)}`, values, quiet: true });
}

function read(text: string): Record<string, unknown> | null {
  try {
    const values: unknown = JSON.parse(text);
    return typeof values === 'object' && values !== null ? { ...values } : null;
  } catch {
    return null;
  }
}
