// The system's file dialogs, over the window that asked.
import { dialog, type BrowserWindow } from 'electron';
import { BACKUP_EXTENSION } from '../keeping/backups.ts';
import { planExtensions, type DocumentDialogs } from './documents.ts';

/** Dialogs that belong to one window. */
export function dialogsOf(window: BrowserWindow): DocumentDialogs {
  return {
    async pickPlan() {
      const picked = await dialog.showOpenDialog(window, {
        title: 'Import a plan',
        properties: ['openFile'],
        filters: [
          { name: 'Plans', extensions: planExtensions },
          { name: 'All files', extensions: ['*'] },
        ],
      });
      return picked.canceled ? null : (picked.filePaths[0] ?? null);
    },
    async pickExport(suggestedName, extension) {
      const picked = await dialog.showSaveDialog(window, {
        title: 'Export',
        defaultPath: suggestedName,
        filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
      });
      return picked.canceled || picked.filePath === '' ? null : picked.filePath;
    },
    async pickReport(suggestedName) {
      const picked = await dialog.showSaveDialog(window, {
        title: 'Save the report',
        defaultPath: suggestedName,
        filters: [{ name: 'Markdown', extensions: ['md'] }],
      });
      return picked.canceled || picked.filePath === '' ? null : picked.filePath;
    },
  };
}

const backups = { name: 'Signalbox backups', extensions: [BACKUP_EXTENSION] };
const anything = { name: 'All files', extensions: ['*'] };

/** Where a backup goes; null: the person cancelled. */
export async function askBackupTarget(window: BrowserWindow, suggestedName: string): Promise<string | null> {
  const picked = await dialog.showSaveDialog(window, {
    title: 'Back up this computer’s workspaces',
    defaultPath: suggestedName,
    filters: [backups],
  });
  return picked.canceled || picked.filePath === '' ? null : picked.filePath;
}

export async function askBackup(window: BrowserWindow): Promise<string | null> {
  const picked = await dialog.showOpenDialog(window, {
    title: 'Choose a backup',
    properties: ['openFile'],
    filters: [backups, anything],
  });
  return picked.canceled ? null : (picked.filePaths[0] ?? null);
}

/** Where the report of trouble goes. */
export async function askReportTarget(window: BrowserWindow, suggestedName: string): Promise<string | null> {
  const picked = await dialog.showSaveDialog(window, {
    title: 'Save the report of trouble',
    defaultPath: suggestedName,
    filters: [{ name: 'Markdown', extensions: ['md'] }],
  });
  return picked.canceled || picked.filePath === '' ? null : picked.filePath;
}

/** A key stands in the window, or is being made, that nobody has copied. */
export async function askWithoutKey(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: 'Close without the key?',
    detail:
      'An API key was made here and not copied, and it is not shown again. You would have to make another, and to revoke this one in Settings, For programs.',
    buttons: ['Go back', 'Close without it'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

/** At the end of the app: what is half written in forms cannot be kept. Null: no window is open. */
export async function askDiscard(window: BrowserWindow | null, keychain: boolean): Promise<boolean> {
  const asked = {
    type: 'warning' as const,
    message: 'Discard what was written?',
    detail: keychain
      ? 'A form is half written, and it could not be saved: the disk is full, or the keychain is locked.'
      : 'A form is half written. Such text is kept only encrypted, and this computer has no keychain to encrypt it with.',
    buttons: ['Go back', 'Discard and quit'],
    defaultId: 0,
    cancelId: 0,
  };
  const { response } = await (window === null ? dialog.showMessageBox(asked) : dialog.showMessageBox(window, asked));
  return response === 1;
}
