// What is written in a form and not sent yet: kept by the page in memory, so that it outlives leaving its place, and by main,
// encrypted, so that it outlives the page and the window. Nothing of it is in the page's own storage, which is on the disk.
import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { createStore, type StoreApi } from 'zustand';
import { FormContext } from './FormDialog.tsx';

/** A form that was left without being sent or closed. */
export interface Draft {
  /** Of the form: `task new`, `agent <id>`. */
  name: string;
  /** What was being written, after "You were writing": `a new task`. */
  what: string;
  /** Where the form opens. */
  path: string;
  /** The fields that differ from what the form begins with. */
  values: Record<string, unknown>;
  /** A small field that confirms something: it stands there again when its dialog is opened, and nobody is asked about it. */
  quiet?: true | undefined;
}

interface Drafts {
  kept: readonly Draft[];
  /** The forms that are on the screen. */
  open: readonly string[];
}
export interface DraftStore extends StoreApi<Drafts> {
  find(name: string): Draft | undefined;
  keep(draft: Draft): void;
  drop(name: string): void;
  /** What main has kept of this window, and of one that was closed; what this page has itself goes before it. */
  offer(texts: readonly string[]): void;
  /** A form is on the screen until what this answers is called. */
  opened(name: string): () => void;
  /** Where the window is. */
  path(): string;
  /** What waits for a pause goes beyond the window now. */
  flush(): void;
}

/** Keeps a draft beyond the window; null: it was sent or discarded. */
export type Beyond = (name: string, text: string | null) => void;

/** Characters of a draft that goes beyond the window with every change: a crash of the page takes nothing of it. */
const SHORT = 20_000;
/** The length of the pause in typing after which a longer one, as a pasted plan, goes. */
const PAUSE_MS = 300;
/** Who types in a longer one without a pause loses this much at the most when the page goes down. */
const MOST_MS = 1_000;

interface Sending {
  text: string;
  /** Not sent, and since when. */
  waits: number | null;
  timer: ReturnType<typeof setTimeout> | null;
}

/** What is short, or written after a pause, goes at once; what follows in a longer one, as a whole, with the next pause. */
function afterPause(beyond: Beyond): { send(name: string, text: string): void; drop(name: string): void; flush(): void } {
  const forms = new Map<string, Sending>();
  const stop = ({ timer }: Sending): void => void (timer !== null && clearTimeout(timer));
  const sendNow = (name: string, text: string): void => {
    const form: Sending = { text, waits: null, timer: setTimeout(() => (form.timer = null), PAUSE_MS) };
    forms.set(name, form);
    beyond(name, text);
  };
  const sendWaiting = (name: string): void => {
    const form = forms.get(name);
    if (form === undefined || form.waits === null) return;
    stop(form);
    sendNow(name, form.text);
  };
  return {
    send(name, text) {
      const before = forms.get(name);
      if (before) stop(before);
      if (before === undefined || before.timer === null || text.length <= SHORT) return sendNow(name, text);
      const waits = before.waits ?? Date.now();
      const rest = Math.min(PAUSE_MS, waits + MOST_MS - Date.now());
      forms.set(name, { text, waits, timer: setTimeout(() => sendWaiting(name), Math.max(0, rest)) });
    },
    drop(name) {
      const before = forms.get(name);
      if (before) stop(before);
      forms.delete(name);
      beyond(name, null);
    },
    flush: () => [...forms.keys()].forEach(sendWaiting),
  };
}

/** When a field or the window is left, and when the page goes, nothing waits for the pause. */
export function flushWhenLeft(drafts: Pick<DraftStore, 'flush'>): () => void {
  const events = ['focusout', 'blur', 'pagehide'] as const;
  for (const event of events) window.addEventListener(event, drafts.flush);
  return () => events.forEach((event) => window.removeEventListener(event, drafts.flush));
}

/** Of one person in one workspace. */
export function createDraftStore(path: () => string, beyond: Beyond = () => undefined): DraftStore {
  const store = createStore<Drafts>(() => ({ kept: [], open: [] }));
  const outside = afterPause(beyond);
  const without = (name: string): Draft[] => store.getState().kept.filter((draft) => draft.name !== name);
  return {
    ...store,
    path,
    find: (name) => store.getState().kept.find((draft) => draft.name === name),
    keep(draft) {
      store.setState({ kept: [...without(draft.name), draft] });
      outside.send(draft.name, JSON.stringify(draft));
    },
    drop(name) {
      if (!store.getState().kept.some((draft) => draft.name === name)) return;
      store.setState({ kept: without(name) });
      outside.drop(name);
    },
    flush: outside.flush,
    offer(texts) {
      const { kept } = store.getState();
      const others = texts.flatMap(parse).filter(({ name }) => !kept.some((draft) => draft.name === name));
      if (others.length > 0) store.setState({ kept: [...kept, ...others] });
    },
    opened(name) {
      store.setState(({ open }) => ({ open: [...open, name] }));
      return () => {
        outside.flush();
        store.setState(({ open }) => ({ open: open.filter((other) => other !== name) }));
      };
    },
  };
}

function parse(text: string): Draft[] {
  try {
    const { name, what, path, values, quiet } = JSON.parse(text) as Partial<Draft>;
    const whole = typeof name === 'string' && typeof what === 'string' && typeof path === 'string';
    return whole && typeof values === 'object' && values !== null ? [{ name, what, path, values, ...(quiet && { quiet }) }] : [];
  } catch {
    return [];
  }
}

const DraftContext = createContext<DraftStore | null>(null);
export const DraftProvider = DraftContext.Provider;

export function useDrafts(): DraftStore {
  const given = useContext(DraftContext);
  // A form that stands alone, as in a story, keeps what it has while it is there.
  const [own] = useState(() => given ?? createDraftStore(() => '/'));
  return given ?? own;
}

interface Form<Values> {
  values: Values;
  setValues(values: Partial<Values>): void;
  isDirty(field?: string): boolean;
}
interface Named {
  name: string;
  what: string;
  /** Fields that are never kept: secrets. */
  secret?: readonly string[];
  quiet?: true;
}

/**
 * Puts back what was written when the form was left or the page went down, and keeps what is written from now on.
 * Nothing is kept of a form that was closed (`FormDialog`) or sent: `const sent = useDraft(...)` is called when it was.
 */
export function useDraft<Values extends object>({ name, what, secret = [], quiet }: Named, form: Form<Values>): () => void {
  const store = useDrafts();
  const { ends } = useContext(FormContext);
  const [before] = useState(() => store.find(name));
  const path = useRef(store.path());
  const ended = useRef(false);
  const { values, setValues } = form;
  const putBack = useRef((draft: Draft | undefined) => {
    const kept = Object.entries(draft?.values ?? {}).filter(([field]) => field in values && !secret.includes(field));
    if (kept.length > 0) setValues(Object.fromEntries(kept) as Partial<Values>);
  });
  useEffect(() => putBack.current(before), [before]);
  useEffect(() => store.opened(name), [store, name]);

  const written = JSON.stringify(Object.fromEntries(Object.entries(values).filter(([field]) => !secret.includes(field) && form.isDirty(field))));
  const first = useRef(true);
  useEffect(() => {
    // What was kept is put back by the first drawing and is there with the second.
    if (first.current || ended.current) return void (first.current = false);
    if (written === '{}') store.drop(name);
    else store.keep({ name, what, path: path.current, values: JSON.parse(written) as Record<string, unknown>, ...(quiet && { quiet }) });
  }, [store, name, what, written, quiet]);

  // Main may tell of it when the form stands already, as after the page went down: unless something was written since.
  const untouched = useRef(true);
  useEffect(() => void (untouched.current = written === '{}'), [written]);
  useEffect(
    () =>
      store.subscribe((now, then) => {
        const told = now.kept.find((draft) => draft.name === name);
        if (told && untouched.current && !ended.current && !then.kept.some((draft) => draft.name === name)) putBack.current(told);
      }),
    [store, name],
  );

  const end = useCallback(() => {
    ended.current = true;
    store.drop(name);
  }, [store, name]);
  useEffect(() => {
    ends.add(end);
    return () => void ends.delete(end);
  }, [ends, end]);
  return end;
}

/**
 * The fields of a small dialog, which are kept quietly: `const [{ reason }, write, end] = useKept(`cancel ${id}`, { reason: '' })`.
 * Written back to what they begin with, or at `end()`, they are kept no longer.
 */
export function useKept<Values extends object>(
  name: string,
  begin: Values,
): [values: Values, write: (some: Partial<Values>) => void, end: () => void] {
  const [initial] = useState(begin);
  const [values, setValues] = useState(begin);
  const write = useCallback((some: Partial<Values>) => setValues((before) => ({ ...before, ...some })), []);
  const isDirty = (field?: string): boolean => {
    const differs = (key: string): boolean => values[key as keyof Values] !== initial[key as keyof Values];
    return field === undefined ? Object.keys(values).some(differs) : differs(field);
  };
  const end = useDraft({ name, what: name, quiet: true }, { values, setValues: write, isDirty });
  return [values, write, end];
}
