// The desk of one review: decisions shown before the backend has answered, one lane an item so that a person never
// stands in their own way, and what is left to choose where somebody else was faster. No React, no network.
import { createStore, type StoreApi } from 'zustand';
import type { ReviewItem, Verdict, Waiver } from '../../shared/review.ts';

/** What changes of an item; a field that is absent stays. `waiver` goes with `verdict`. */
export interface Change {
  verdict?: Verdict | null;
  waiver?: Waiver | null;
  note?: string;
}

/** Somebody changed the item first. What they made of it stands in the loaded review. */
export interface Conflict {
  ref: string;
  mine: Change;
}

/** A verdict that can be taken back: what the item had before. */
export interface Step {
  ref: string;
  verdict: Verdict | null;
  waiver: Waiver | null;
}

export interface DeskState {
  /** Sent and not yet answered, by ref: shown over what is loaded. */
  pending: ReadonlyMap<string, Change>;
  conflicts: readonly Conflict[];
  /** Verdicts that can be taken back, the last one at the end. */
  steps: readonly Step[];
}

/** What came of sending a change: the item as it is now, or why it was refused. */
export type Sent = { ok: true; item: ReviewItem } | { ok: false; conflict: ReviewItem } | { ok: false; error: unknown };

export interface DeskParts {
  send(ref: string, change: Change, version: number): Promise<Sent>;
  /** The item as it is loaded now. */
  item(ref: string): ReviewItem | undefined;
  /** Takes an item that the backend answered. */
  settle(item: ReviewItem): void;
  /** It was refused, and what was shown is taken back. */
  failed(ref: string, change: Change, error: unknown): void;
}

/** The item as it was when a person began to decide, or to write. */
export type Seen = Pick<ReviewItem, 'version' | 'note'>;

export interface Desk {
  store: StoreApi<DeskState>;
  /** Shows the change at once and sends it. `seen`: what the person decided on, if not what is loaded. */
  decide(ref: string, change: Change, seen?: Seen): Promise<boolean>;
  /** Takes the last verdict back; answers its ref, or null where there is none. */
  undo(): string | null;
  keepTheirs(ref: string): void;
  /** Decides again on what is loaded now; `note` takes the place of one's own. */
  useMine(ref: string, note?: string): void;
}

const MOST_STEPS = 200;
/** How often a note is sent again because only the verdict beside it had changed. */
const MOST_TRIES = 3;

export function createDesk(parts: DeskParts): Desk {
  const store = createStore<DeskState>(() => ({ pending: new Map(), conflicts: [], steps: [] }));
  const lanes = new Map<string, Promise<void>>();
  const queued = new Map<string, Change[]>();
  /** The version that this window's last change of an item made. */
  const made = new Map<string, number>();

  function showPending(ref: string): void {
    const changes = queued.get(ref) ?? [];
    const pending = new Map(store.getState().pending);
    if (changes.length === 0) pending.delete(ref);
    else pending.set(ref, Object.assign({}, ...changes) as Change);
    store.setState({ pending });
  }

  function addConflict(ref: string, mine: Change): void {
    const { conflicts } = store.getState();
    const known = conflicts.find((one) => one.ref === ref);
    const merged = { ref, mine: { ...known?.mine, ...mine } };
    store.setState({ conflicts: known ? conflicts.map((one) => (one === known ? merged : one)) : [...conflicts, merged] });
  }

  const dropConflict = (ref: string): void =>
    store.setState(({ conflicts }) => ({ conflicts: conflicts.filter((one) => one.ref !== ref) }));

  async function sendFrom(ref: string, change: Change, base: Seen): Promise<boolean> {
    let version = Math.max(base.version, made.get(ref) ?? 0);
    for (let tried = 1; ; tried += 1) {
      const sent = await parts.send(ref, change, version);
      if (sent.ok) {
        made.set(ref, sent.item.version);
        parts.settle(sent.item);
        return true;
      }
      if (!('conflict' in sent)) {
        parts.failed(ref, change, sent.error);
        return false;
      }
      parts.settle(sent.conflict);
      if (isDone(change, sent.conflict)) return true;
      // A note beside somebody else's verdict overwrites nothing of theirs.
      const beside = change.verdict === undefined && sent.conflict.note === base.note;
      if (!beside || tried === MOST_TRIES) {
        addConflict(ref, change);
        return false;
      }
      version = sent.conflict.version;
    }
  }

  function enqueue(ref: string, change: Change, base: Seen): Promise<boolean> {
    queued.set(ref, [...(queued.get(ref) ?? []), change]);
    showPending(ref);
    const work = (lanes.get(ref) ?? Promise.resolve()).then(() => sendFrom(ref, change, base));
    const done = work.finally(() => {
      queued.set(ref, (queued.get(ref) ?? []).filter((one) => one !== change));
      showPending(ref);
    });
    lanes.set(ref, done.then(() => undefined, () => undefined));
    return done;
  }

  function decide(ref: string, change: Change, seen?: Seen): Promise<boolean> {
    const item = parts.item(ref);
    if (!item) return Promise.resolve(false);
    const before = { ...item, ...store.getState().pending.get(ref) };
    const step: Step | null =
      change.verdict === undefined ? null : { ref, verdict: before.verdict, waiver: before.waiver };
    if (step) store.setState(({ steps }) => ({ steps: [...steps, step].slice(-MOST_STEPS) }));
    return enqueue(ref, change, seen ?? item).then((done) => {
      if (!done && step) store.setState(({ steps }) => ({ steps: steps.filter((one) => one !== step) }));
      return done;
    });
  }

  return {
    store,
    decide,
    undo() {
      const step = store.getState().steps.at(-1);
      if (!step) return null;
      store.setState(({ steps }) => ({ steps: steps.slice(0, -1) }));
      // On the version that this window made, whatever came after it: what another has decided since is a choice.
      void enqueue(step.ref, { verdict: step.verdict, waiver: step.waiver }, { version: 0, note: '' });
      return step.ref;
    },
    keepTheirs: dropConflict,
    useMine(ref, note) {
      const conflict = store.getState().conflicts.find((one) => one.ref === ref);
      const item = parts.item(ref);
      if (!conflict || !item) return;
      dropConflict(ref);
      void decide(ref, note === undefined ? conflict.mine : { ...conflict.mine, note }, item);
    },
  };
}

/** Whether the item is already what the change would make of it. */
function isDone(change: Change, item: ReviewItem): boolean {
  const sameVerdict =
    change.verdict === undefined ||
    (change.verdict === item.verdict && JSON.stringify(change.waiver ?? null) === JSON.stringify(item.waiver));
  return sameVerdict && (change.note === undefined || change.note === item.note);
}

/** The items as the person has them: what was sent over what is loaded. The same row where nothing is under way. */
export function withPending(items: readonly ReviewItem[], pending: DeskState['pending']): readonly ReviewItem[] {
  if (pending.size === 0) return items;
  return items.map((item) => {
    const change = pending.get(item.ref);
    return change ? { ...item, ...change } : item;
  });
}
