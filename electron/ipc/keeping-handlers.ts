// What a window asks of the data on this computer: its folder, backups, the report of trouble, and the demo.
import { shell, type BrowserWindow } from 'electron';
import { basename } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { KeepingResults } from '../../shared/keeping.ts';
import type { Keeping } from '../keeping/keeping.ts';
import { suggestedName } from '../keeping/backups.ts';
import { askBackup, askBackupTarget, askReportTarget } from '../native/dialogs.ts';
import { putText } from '../native/documents.ts';
import type { Handlers } from './answer.ts';

export interface KeepingHandlerParts {
  keeping: Keeping<BrowserWindow>;
  /** Whether the window's backend is that of this computer. */
  isOfComputer(window: BrowserWindow): boolean;
}

export function createKeepingHandlers(parts: KeepingHandlerParts): Pick<Handlers<BrowserWindow>, keyof KeepingResults> {
  const { keeping } = parts;
  /** A window sees a name; where the file lies stays here. */
  const picked = new WeakMap<BrowserWindow, string>();
  const reports = new WeakMap<BrowserWindow, string>();

  function ofComputer(window: BrowserWindow): void {
    if (parts.isOfComputer(window)) return;
    throw new AppError('conflict', 'This window shows a server, which is backed up where it runs. Open “This computer” for this.');
  }

  function pickedIn(window: BrowserWindow): string {
    const file = picked.get(window);
    if (file === undefined) throw new AppError('conflict', 'Choose a backup first.');
    return file;
  }

  return {
    'app:about': () => keeping.about(),
    'data:info': async (_argument, window) => ({
      ok: true,
      data: parts.isOfComputer(window) ? await keeping.dataInfo() : null,
    }),
    'data:show': async () => {
      await shell.openPath(keeping.dataDir);
      return null;
    },
    'backup:make': async ({ passphrase }, window) => {
      ofComputer(window);
      const file = await askBackupTarget(window, suggestedName(new Date()));
      return { ok: true, data: file === null ? null : await keeping.backups.make(file, passphrase) };
    },
    'backup:pick': async (_argument, window) => {
      ofComputer(window);
      const file = await askBackup(window);
      if (file === null) return { ok: true, data: null };
      const said = await keeping.backups.peek(file);
      picked.set(window, file);
      return { ok: true, data: { name: basename(file), ...said } };
    },
    'backup:inspect': async ({ passphrase }, window) => ({
      ok: true,
      data: await keeping.backups.inspect(pickedIn(window), passphrase),
    }),
    'backup:restore': async ({ passphrase }, window) => {
      ofComputer(window);
      return { ok: true, data: await keeping.backups.restore(pickedIn(window), passphrase) };
    },
    'diagnostics:collect': async (_argument, window) => {
      const text = await keeping.report(window);
      reports.set(window, text);
      return { ok: true, data: { text } };
    },
    'diagnostics:save': async (_argument, window) => {
      const text = reports.get(window);
      if (text === undefined) throw new AppError('conflict', 'Collect the report first.');
      const file = await askReportTarget(window, `signalbox-report-${new Date().toISOString().slice(0, 10)}.md`);
      return file === null ? { ok: true, saved: false } : putText(file, text);
    },
    'demo:start': (_argument, window) => {
      ofComputer(window);
      return keeping.demo.start();
    },
    'demo:trickle': ({ on }, window) => {
      ofComputer(window);
      return keeping.demo.setTrickle(on);
    },
    'demo:leave': (argument, window) => {
      ofComputer(window);
      return keeping.demo.leave(argument.delete);
    },
  };
}
