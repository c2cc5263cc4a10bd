// Where things lie on this computer: the person's data, the app's own files.
import { join, resolve } from 'node:path';
import type { App } from 'electron';

export interface Places {
  userData: string;
  /** The embedded database. */
  dataDir: string;
  /** Sealed by the keychain, in the data folder: the two go together. */
  masterKey: string;
  /** Where the master key lay before it lay in the data folder. */
  masterKeyBefore: string;
  logs: string;
  /** The bundle that works on backups. */
  backups: string;
  /** The example plans. */
  plans: string;
  /** What each connection's window showed last. */
  lastShown: string;
  preload: string;
  renderer: string;
  backend: string;
  migrations: string;
  /** The built-in checklists, which the backend reads. */
  checklists: string;
  /** What the build makes beside the code: the template of an embedded database. */
  resources: string;
  icon: string;
}

/** In the data folder, so that the two go together. */
export const masterKeyIn = (dataDir: string): string => join(dataDir, 'master-key.json');

/** Honours SIGNALBOX_USER_DATA; runs before anything asks for the folder, as the instance lock does. */
export function chooseUserData(app: App, environment: NodeJS.ProcessEnv): void {
  const chosen = environment.SIGNALBOX_USER_DATA;
  if (chosen !== undefined && chosen !== '') app.setPath('userData', resolve(chosen));
}

/** `mainDirectory`: where out/main/main.js lies. */
export function findPlaces(userData: string, mainDirectory: string, environment: NodeJS.ProcessEnv): Places {
  const root = resolve(mainDirectory, '../..');
  const chosen = environment.SIGNALBOX_DATA_DIR;
  const dataDir = chosen === undefined || chosen === '' ? join(userData, 'workspace') : resolve(chosen);
  return {
    userData,
    dataDir,
    masterKey: masterKeyIn(dataDir),
    masterKeyBefore: join(userData, 'master-key.json'),
    logs: join(userData, 'logs'),
    backups: join(root, 'out/main/backups.js'),
    plans: join(root, 'resources/plans'),
    lastShown: join(userData, 'last-shown'),
    preload: join(root, 'out/preload/preload.cjs'),
    renderer: join(root, 'out/renderer'),
    backend: join(root, 'out/main/embedded.js'),
    migrations: join(root, 'backend/migrations'),
    checklists: join(root, 'resources/checklists'),
    resources: join(root, 'out/resources'),
    icon: join(root, 'resources/icons/signalbox.png'),
  };
}
