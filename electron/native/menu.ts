// The application menu, as a template that Electron builds.
import type { MenuItemConstructorOptions } from 'electron';
import { themes, type Preferences } from '../../shared/ipc.ts';

export interface MenuParts {
  isMac: boolean;
  /** Reload and the developer tools are there while developing only. */
  isDevelopment: boolean;
  theme: Preferences['theme'];
  importPlan(): void;
  go(path: string): void;
  setTheme(theme: Preferences['theme']): void;
  about(): void;
}

/** The places of the rail, in its order: Ctrl+1 to Ctrl+5. */
const places = [
  { label: 'Overview', path: '/overview' },
  { label: 'Agents', path: '/agents' },
  { label: 'Tasks', path: '/tasks' },
  { label: 'Plans', path: '/plans' },
  { label: 'Findings', path: '/findings' },
] as const;

const themeLabels: Record<Preferences['theme'], string> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
};

/** File, Edit, View, Window and Help; on macOS the application's own menu first. */
export function menuTemplate(parts: MenuParts): MenuItemConstructorOptions[] {
  const about: MenuItemConstructorOptions = { label: 'About Signalbox', click: () => parts.about() };
  return [
    ...(parts.isMac ? [appMenu(about)] : []),
    fileMenu(parts),
    { role: 'editMenu' },
    viewMenu(parts),
    { role: 'windowMenu' },
    { role: 'help', submenu: [about] },
  ];
}

function appMenu(about: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    label: 'Signalbox',
    submenu: [about, { type: 'separator' }, { role: 'hide' }, { role: 'hideOthers' }, { role: 'quit' }],
  };
}

function fileMenu(parts: MenuParts): MenuItemConstructorOptions {
  const leave: MenuItemConstructorOptions = parts.isMac ? { role: 'close' } : { role: 'quit', label: 'Quit' };
  return {
    label: '&File',
    submenu: [
      { label: 'Import plan…', accelerator: 'CmdOrCtrl+O', click: () => parts.importPlan() },
      { type: 'separator' },
      leave,
    ],
  };
}

function viewMenu(parts: MenuParts): MenuItemConstructorOptions {
  return {
    label: '&View',
    submenu: [
      ...places.map(({ label, path }, index): MenuItemConstructorOptions => ({
        label,
        accelerator: `CmdOrCtrl+${index + 1}`,
        click: () => parts.go(path),
      })),
      { type: 'separator' },
      {
        label: 'Theme',
        submenu: themes.map((theme): MenuItemConstructorOptions => ({
          id: `theme-${theme}`,
          label: themeLabels[theme],
          type: 'radio',
          checked: theme === parts.theme,
          click: () => parts.setTheme(theme),
        })),
      },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      ...(parts.isDevelopment
        ? ([{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }] as const)
        : []),
    ],
  };
}
