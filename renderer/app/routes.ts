// Where the window is: a typed route, its path, and a history in memory with back and forward.
import { createContext, useContext } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import { places, type Place } from '../../shared/places.ts';

export { places, type Place };

/** `/tasks/<id>?state=failed` is `{place: 'tasks', id: '<id>', search: {state: 'failed'}}`. */
export interface Route {
  place: Place;
  /** What is open beside the list; null: nothing. */
  id: string | null;
  search: Record<string, string>;
}

/** A route to go to: what is left out is empty. */
export type Target = { place: Place; id?: string | null; search?: Record<string, string | undefined> };

export function parseRoute(path: string): Route {
  const [pathname = '', query = ''] = path.split('?', 2);
  const [first = '', second] = pathname.split('/').filter((part) => part !== '');
  const place = places.find((known) => known === first);
  if (!place) return { place: 'overview', id: null, search: {} };
  return {
    place,
    id: second === undefined ? null : decode(second),
    search: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function formatRoute(target: Target): string {
  const search = Object.entries(target.search ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  const query = new URLSearchParams(search).toString();
  const id = target.id ? `/${encodeURIComponent(target.id)}` : '';
  return `/${target.place}${id}${query === '' ? '' : `?${query}`}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Open dialogs are no place to come back to. */
const passing = new Set(['new', 'import', 'connect', 'price', 'edit']);

/** Where the window is, behind `#` in its address: what a reload and the next start come back to. */
export function hashOf({ place, id, search }: Route): string {
  const lasting = Object.entries(search).filter(([key]) => !passing.has(key));
  return `#${formatRoute({ place, id, search: Object.fromEntries(lasting) })}`;
}

/** The path of an address's hash; the overview when it is none. */
export function pathOf(hash: string): string {
  return hash.startsWith('#/') ? hash.slice(1) : '/';
}

/** Who comes next to this window, or the workspace that is made in it, begins at the overview. */
export function forgetPlace(): void {
  window.history.replaceState(null, '', '#/');
}

interface History {
  entries: string[];
  index: number;
  route: Route;
}
export interface Routes extends History {
  /** Goes to a place; `replace` leaves no step in the history (a filter being typed, details closing). */
  go(target: Target | string, options?: { replace?: boolean }): void;
  back(): void;
  forward(): void;
  /** What takes away what is on the screen: at once, or when who holds it lets it. */
  leave(how: () => void): void;
  /** From now on whatever leaves is handed to `ask`, until what this answers is called. */
  hold(ask: (how: () => void) => void): () => void;
}
export type RouteStore = StoreApi<Routes>;

const KEPT = 100;

export function createRouteStore(initialPath: string): RouteStore {
  const first = formatRoute(parseRoute(initialPath));
  let asked: ((how: () => void) => void) | null = null;
  const leave = (how: () => void): void => (asked === null ? how() : asked(how));
  return createStore<Routes>((set, get) => {
    const stepTo = (index: number): void => {
      if (get().entries[index] !== undefined) leave(() => set(at(get().entries, index)));
    };
    const at = (entries: string[], index: number): History => ({
      entries,
      index,
      route: parseRoute(entries[index] ?? '/overview'),
    });
    return {
      ...at([first], 0),
      go(target, options) {
        const { entries, index } = get();
        const path = typeof target === 'string' ? formatRoute(parseRoute(target)) : formatRoute(target);
        if (path === entries[index]) return;
        const before = entries.slice(0, options?.replace ? index : index + 1).slice(-KEPT);
        leave(() => set(at([...before, path], before.length)));
      },
      back: () => stepTo(get().index - 1),
      forward: () => stepTo(get().index + 1),
      leave,
      hold(ask) {
        asked = ask;
        return () => {
          if (asked === ask) asked = null;
        };
      },
    };
  });
}

const RouteContext = createContext<RouteStore | null>(null);
export const RouteProvider = RouteContext.Provider;

export function useRouteStore(): RouteStore {
  const store = useContext(RouteContext);
  if (!store) throw new Error('useRouteStore needs a RouteProvider above it.');
  return store;
}

/** Where the window is now. */
export function useRoute(): Route {
  return useStore(useRouteStore(), (state) => state.route);
}

/** `const go = useGo(); go({ place: 'tasks', id })`. */
export function useGo(): Routes['go'] {
  return useStore(useRouteStore(), (state) => state.go);
}
