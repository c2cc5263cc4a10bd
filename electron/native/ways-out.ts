// What a person can have done when the backend of this computer cannot be used. Nothing here deletes anything.
import { BrowserWindow, dialog, shell } from 'electron';
import { existsSync } from 'node:fs';
import { copyFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { WayOut } from '../../shared/backend-status.ts';
import { AppError } from '../../shared/errors.ts';
import type { RequestResults } from '../../shared/ipc.ts';
import type { Backend } from '../embedded/backend.ts';
import type { Places } from './places.ts';

export interface WayOutParts {
  window: BrowserWindow;
  places: Places;
  backend: Backend;
}

type Answer = RequestResults['backend:way-out'];

/** Does what was chosen. Throws an AppError that says why it could not be done. */
export async function takeWayOut(way: WayOut, parts: WayOutParts): Promise<Answer> {
  switch (way) {
    case 'show_folder': {
      const trouble = await shell.openPath(parts.places.dataDir);
      if (trouble !== '') throw new AppError('unavailable', `${parts.places.dataDir} cannot be shown: ${trouble}`, { details: { reason: 'file' } });
      return { ok: true, done: true };
    }
    case 'save_log':
      return { ok: true, done: await saveLog(parts) };
    case 'set_aside':
      return { ok: true, done: await setAside(parts) };
  }
}

async function saveLog({ window, places }: WayOutParts): Promise<boolean> {
  const picked = await dialog.showSaveDialog(window, { title: 'Save the log', defaultPath: 'signalbox.log' });
  if (picked.canceled || picked.filePath === '') return false;
  try {
    await copyFile(join(places.logs, 'signalbox.log'), picked.filePath);
    return true;
  } catch (cause) {
    throw new AppError('unavailable', 'The log cannot be saved there. Choose another place.', { cause, details: { reason: 'file' } });
  }
}

async function setAside({ window, places, backend }: WayOutParts): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: 'Set this database aside and begin with an empty one?',
    detail: `The folder ${places.dataDir} gets another name and is kept as it is. You can go back to it by giving it its name again.`,
    buttons: ['Cancel', 'Set aside and begin anew'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response !== 1) return false;
  await backend.stop();
  try {
    await moveAside(places.dataDir, new Date());
  } finally {
    await backend.restart();
  }
  return true;
}

/** Renames a data folder; answers its new name. Never takes a name that is there. */
export async function moveAside(dataDir: string, now: Date): Promise<string> {
  const stamp = now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  let target = `${dataDir}.set-aside-${stamp}`;
  for (let number = 2; existsSync(target); number += 1) target = `${dataDir}.set-aside-${stamp}-${number}`;
  try {
    if ((await readdir(dataDir)).length > 0) await rename(dataDir, target);
    return target;
  } catch (cause) {
    const message = `The folder ${dataDir} could not be given another name. Nothing was changed. Close whatever uses it.`;
    throw new AppError('unavailable', message, { cause, details: { reason: 'file' } });
  }
}
