// The small files in the user's folder: what is remembered from one start to the next.
import ElectronStore from 'electron-store';
import { preferences as preferencesSchema, type Preferences } from '../../shared/ipc.ts';
import { savedConnections, type SavedConnections } from '../connections/records.ts';
import { savedDemo, type SavedDemo } from '../demo/demo.ts';
import { savedSessions, type SavedSessions } from '../session/token-store.ts';
import { savedDrafts, type SavedDrafts } from '../keeping/drafts.ts';
import { openStore, type JsonStore } from './store.ts';
import { savedWindows, type SavedWindows } from './window-list.ts';

export interface Stores {
  preferences: JsonStore<Preferences>;
  windows: JsonStore<SavedWindows>;
  connections: JsonStore<SavedConnections>;
  sessions: JsonStore<SavedSessions>;
  demo: JsonStore<SavedDemo>;
  drafts: JsonStore<SavedDrafts>;
}

/** Opens them all; a broken one is set aside and starts empty. */
export function openStores(directory: string): Stores {
  const store = { Store: ElectronStore, directory };
  return {
    preferences: openStore({ ...store, name: 'preferences', schema: preferencesSchema }),
    windows: openStore({ ...store, name: 'windows', schema: savedWindows }),
    connections: openStore({ ...store, name: 'connections', schema: savedConnections }),
    sessions: openStore({ ...store, name: 'session', schema: savedSessions }),
    demo: openStore({ ...store, name: 'demo', schema: savedDemo }),
    drafts: openStore({ ...store, name: 'drafts', schema: savedDrafts }),
  };
}
