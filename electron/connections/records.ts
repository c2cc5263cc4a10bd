// The connections that the person has: this computer's own backend, and servers by their address.
import { z } from 'zod';
import type { JsonStore } from '../native/store.ts';

export const COMPUTER = 'computer';
/** The one that SIGNALBOX_SERVER_URL names; it lasts as long as the variable does. */
export const PRESET = 'preset';
const MOST = 50;

const workspace = z.object({ id: z.string(), name: z.string() });
const record = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  kind: z.enum(['embedded', 'server']),
  name: z.string().min(1).max(80),
  /** Of a server: its origin, without a slash at the end. */
  url: z.string().max(300).nullable().default(null),
  /** The workspace that was open last: what gives it its colour, and what links name. */
  workspace: workspace.nullable().default(null),
  lastUsedAt: z.string().nullable().default(null),
});
export type ConnectionRecord = z.infer<typeof record>;

export const savedConnections = z.object({ connections: z.array(record).max(MOST).default([]) });
export type SavedConnections = z.infer<typeof savedConnections>;

export interface ConnectionRecords {
  /** This computer first, then servers by name. */
  all(): ConnectionRecord[];
  find(id: string): ConnectionRecord | null;
  /** What a window opens on when nothing else says so. */
  first(): ConnectionRecord;
  add(added: ConnectionRecord): void;
  /** Changes what is given; an unknown id changes nothing. */
  change(id: string, patch: Partial<Omit<ConnectionRecord, 'id' | 'kind'>>): void;
  remove(id: string): void;
}

const computer: ConnectionRecord = {
  id: COMPUTER,
  kind: 'embedded',
  name: 'This computer',
  url: null,
  workspace: null,
  lastUsedAt: null,
};

/** `presetUrl`: a server that the environment names, which is then the first. */
export function createConnectionRecords(
  store: JsonStore<SavedConnections>,
  presetUrl: string | null = null,
): ConnectionRecords {
  /** Not kept: it is there while the variable is. */
  let preset: ConnectionRecord | null =
    presetUrl === null ? null : { ...computer, id: PRESET, kind: 'server', name: hostOf(presetUrl), url: presetUrl };

  function kept(): ConnectionRecord[] {
    const { connections } = store.read();
    return connections.some(({ id }) => id === COMPUTER) ? connections : [computer, ...connections];
  }

  function all(): ConnectionRecord[] {
    const saved = kept();
    const servers = saved.filter(({ id }) => id !== COMPUTER).toSorted((a, b) => a.name.localeCompare(b.name));
    return [...(preset === null ? [] : [preset]), ...saved.filter(({ id }) => id === COMPUTER), ...servers];
  }

  const find = (id: string) => all().find((known) => known.id === id) ?? null;
  return {
    all,
    find,
    first: () => preset ?? find(COMPUTER) ?? computer,
    add(added) {
      store.write({ connections: [...kept(), added] });
    },
    change(id, patch) {
      if (preset?.id === id) {
        preset = { ...preset, ...patch };
        return;
      }
      store.write({ connections: kept().map((known) => (known.id === id ? { ...known, ...patch } : known)) });
    },
    remove(id) {
      store.write({ connections: kept().filter((known) => known.id !== id || id === COMPUTER) });
    },
  };
}

/** `signalbox.example.com`, or with the port where it is not the usual one. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
