// Where things lie on this computer: the person's data, the app's own files.
import { join, resolve } from 'node:path';
import type { App } from 'electron';

export interface Places {
  userData: string;
  /** The embedded database. */
  dataDir: string;
  masterKey: string;
  preload: string;
  renderer: string;
  backend: string;
  migrations: string;
  /** What the build makes beside the code: the template of an embedded database. */
  resources: string;
  icon: string;
}

/** Honours SIGNALBOX_USER_DATA; runs before anything asks for the folder, as the instance lock does. */
export function chooseUserData(app: App, environment: NodeJS.ProcessEnv): void {
  const chosen = environment.SIGNALBOX_USER_DATA;
  if (chosen !== undefined && chosen !== '') app.setPath('userData', resolve(chosen));
}

/** `mainDirectory`: where out/main/main.js lies. */
export function findPlaces(userData: string, mainDirectory: string, environment: NodeJS.ProcessEnv): Places {
  const root = resolve(mainDirectory, '../..');
  const dataDir = environment.SIGNALBOX_DATA_DIR;
  return {
    userData,
    dataDir: dataDir === undefined || dataDir === '' ? join(userData, 'workspace') : resolve(dataDir),
    masterKey: join(userData, 'master-key.json'),
    preload: join(root, 'out/preload/preload.cjs'),
    renderer: join(root, 'out/renderer'),
    backend: join(root, 'out/main/embedded.js'),
    migrations: join(root, 'backend/migrations'),
    resources: join(root, 'out/resources'),
    icon: join(root, 'resources/icons/signalbox.png'),
  };
}
