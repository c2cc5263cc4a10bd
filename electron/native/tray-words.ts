// The words of the tray: the counts of each open connection, and the ways back in and out.
import type { MenuItemConstructorOptions } from 'electron';
import type { Counts } from './tally.ts';

/** One open connection, as the tray shows it. */
export interface TrayLine {
  id: string;
  name: string;
  workspace: string | null;
  /** Null: nobody is signed in there. */
  counts: Counts | null;
  mayPause: boolean;
}

export interface TrayParts {
  open(connection: string | null): void;
  setPaused(connection: string, paused: boolean): void;
  quit(): void;
}

/** "3 running, 5 queued, 2 need a person". */
export function countsInWords({ running, queued, needs, paused }: Counts): string {
  const say = (count: number): string => count.toLocaleString('en');
  const waiting = needs === null || needs === 0 ? [] : [`${say(needs)} ${needs === 1 ? 'needs' : 'need'} a person`];
  return [`${say(running)} running`, `${say(queued)} queued`, ...waiting, ...(paused ? ['paused'] : [])].join(', ');
}

export function trayTip(lines: readonly TrayLine[]): string {
  const told = lines.flatMap(({ counts, name, workspace }) =>
    counts === null ? [] : [`${lines.length > 1 ? `${workspace ?? name}: ` : ''}${countsInWords(counts)}`],
  );
  return told.length === 0 ? 'Signalbox' : ['Signalbox', ...told].join('\n');
}

/** One connection stands in the menu itself; several have a menu each. */
export function trayMenu(lines: readonly TrayLine[], parts: TrayParts): MenuItemConstructorOptions[] {
  const [only] = lines;
  const middle = lines.length === 1 && only !== undefined ? single(only, parts) : lines.map((line) => nested(line, parts));
  return [
    { label: 'Open Signalbox', click: () => parts.open(null) },
    { type: 'separator' },
    ...middle,
    ...(middle.length > 0 ? [{ type: 'separator' } as const] : []),
    { label: 'Quit', click: () => parts.quit() },
  ];
}

function single(line: TrayLine, parts: TrayParts): MenuItemConstructorOptions[] {
  if (line.counts === null) return [];
  return [{ label: countsInWords(line.counts), enabled: false }, ...pauseItem(line, line.counts, parts)];
}

function nested(line: TrayLine, parts: TrayParts): MenuItemConstructorOptions {
  const where = line.workspace === null ? line.name : `${line.workspace} (${line.name})`;
  const { counts } = line;
  if (counts === null) return { label: `${where}: not signed in`, click: () => parts.open(line.id) };
  return {
    label: `${where}: ${countsInWords(counts)}`,
    submenu: [{ label: 'Open', click: () => parts.open(line.id) }, ...pauseItem(line, counts, parts)],
  };
}

function pauseItem({ id, mayPause }: TrayLine, { paused }: Counts, parts: TrayParts): MenuItemConstructorOptions[] {
  if (!mayPause) return [];
  return [{ label: paused ? 'Resume' : 'Pause everything', click: () => parts.setPaused(id, !paused) }];
}
