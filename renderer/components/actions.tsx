// The registry of what can be done now: screens attach what an action of the table does while they are shown.
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import { actionIds, actions, isMainAction, type ActionId } from '../../shared/actions.ts';
import { useBridge } from './bridge.tsx';
import { isPlainKey, matchesKey, takesText } from './keys.ts';
import { isKeyboardTaken } from './listKeys.ts';

/** What an action does here and now. */
export interface Attached {
  run(): void;
  /** Why it cannot be done now; null: it can. */
  reason: string | null;
  /** What it is called here: `Retry “Check the port lamp”`. */
  label: string | null;
}

/** Newest first: a dialog's or a panel's comes before that of the screen under it, and goes with it. */
type Registry = Partial<Record<ActionId, readonly Attached[]>>;
export type ActionStore = StoreApi<Registry>;

export function createActionStore(): ActionStore {
  return createStore<Registry>(() => ({}));
}

export function attach(store: ActionStore, id: ActionId, attached: Attached): () => void {
  store.setState((before) => ({ [id]: [attached, ...(before[id] ?? [])] }));
  return () => store.setState((before) => ({ [id]: (before[id] ?? []).filter((other) => other !== attached) }));
}

export function attachedTo(registry: Registry, id: ActionId): Attached | null {
  return registry[id]?.[0] ?? null;
}

const Context = createContext<ActionStore | null>(null);

/** Above everything that attaches or runs actions: one a window. */
export function ActionsProvider({ children, store }: { children: ReactNode; store?: ActionStore }) {
  const [own] = useState(() => store ?? createActionStore());
  return <Context value={own}>{children}</Context>;
}

/** Null outside of a window, as in a story of a single part: nothing is attached then. */
export function useActionStore(): ActionStore | null {
  return useContext(Context);
}

const none = createActionStore();

/** What is attached now. */
export function useActions(): Registry {
  return useStore(useContext(Context) ?? none);
}

interface AttachOptions {
  reason?: string | null;
  label?: string | null;
}
/** Attaches what an action does while this is mounted; null: nothing now. */
export function useAction(id: ActionId, run: (() => void) | null, { reason = null, label = null }: AttachOptions = {}): void {
  const store = useContext(Context);
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const there = run !== null;
  useEffect(() => {
    if (store === null || !there) return;
    return attach(store, id, { run: () => latest.current?.(), reason, label });
  }, [store, id, there, reason, label]);
}

/** Does an action: what is attached, or main. Answers whether anything was there to do it. */
export function useRun(): (id: ActionId) => boolean {
  const store = useContext(Context);
  const bridge = useBridge();
  return (id) => {
    if (isMainAction(id)) {
      void bridge.request('app:act', { action: id });
      return true;
    }
    const attached = attachedTo(store?.getState() ?? {}, id);
    if (attached === null || attached.reason !== null) return false;
    attached.run();
    return true;
  };
}

/** Over a dialog or a menu that has the keyboard these go on working. */
const always = new Set<ActionId>(['palette.open', 'print', 'zoom.in', 'zoom.out', 'zoom.reset', 'window.new', 'window.close', 'app.quit']);

/** The action that a press means now; null: none, or what has the focus takes it. */
export function actionOf(event: KeyboardEvent): ActionId | null {
  const text = takesText(event.target);
  const id = actionIds.find((one) => {
    const { keys, by } = actions[one];
    return by !== 'key' && keys?.some((key) => matchesKey(event, key) && !(text && isPlainKey(key)));
  });
  if (id === undefined) return null;
  if (id === 'edit.undo' && text) return null;
  return always.has(id) || !isKeyboardTaken() ? id : null;
}

/** Listens for the keys of all actions; mounted once a window. */
export function useActionKeys(): void {
  const run = useRun();
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const id = actionOf(event);
      // Prevented only when it was done: the menu's accelerator would do it a second time.
      if (id !== null && latest.current(id)) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
