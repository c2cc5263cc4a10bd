// The application menu, made from the one table of actions, as a template that Electron builds.
import type { MenuItemConstructorOptions } from 'electron';
import { actionIds, actions, menuGroups, type ActionGroup, type ActionId } from '../../shared/actions.ts';
import type { Preferences } from '../../shared/ipc.ts';

export interface MenuParts {
  isMac: boolean;
  /** Reload and the developer tools are there while developing only. */
  isDevelopment: boolean;
  theme: Preferences['theme'];
  /** The open windows, by their titles. */
  windows: readonly { title: string; front: boolean; show(): void }[];
  /** Does an action in the window in front. */
  act(action: ActionId): void;
}

type Item = MenuItemConstructorOptions;

/** File, Edit, View, Go, Window and Help; on macOS the application's own menu first. */
export function menuTemplate(parts: MenuParts): Item[] {
  return [...(parts.isMac ? [appMenu(parts)] : []), ...menuGroups.map((group) => menuOf(group, parts))];
}

/** On macOS these live in the application's own menu. */
const appsOwn = new Set<ActionId>(['app.about', 'app.quit', 'go.settings']);

function appMenu(parts: MenuParts): Item {
  return {
    label: 'Signalbox',
    submenu: [
      itemOf('app.about', parts),
      { type: 'separator' },
      itemOf('go.settings', parts),
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

function menuOf(group: ActionGroup, parts: MenuParts): Item {
  const own = actionIds.filter((id) => {
    const { menu, group: its } = actions[id];
    return its === group && menu !== undefined && !(parts.isMac && appsOwn.has(id));
  });
  const items = own.flatMap((id): Item[] => [
    ...(actions[id].menu === 'after a line' ? [{ type: 'separator' } as const] : []),
    itemOf(id, parts),
    ...(id === 'edit.undo' ? editing : []),
  ]);
  return {
    label: `&${group}`,
    ...(group === 'Help' && { role: 'help' as const }),
    submenu: [...items, ...rest(group, parts)],
  };
}

/** What the system's own fields do. */
const editing: Item[] = [
  { role: 'redo' },
  { type: 'separator' },
  { role: 'cut' },
  { role: 'copy' },
  { role: 'paste' },
  { role: 'selectAll' },
  { type: 'separator' },
];

function rest(group: ActionGroup, { windows, isDevelopment }: MenuParts): Item[] {
  if (group === 'Window' && windows.length > 0) {
    return [
      { type: 'separator' },
      ...windows.map(({ title, front, show }): Item => ({
        // One `&` would underline a letter.
        label: title.replaceAll('&', '&&'),
        type: 'checkbox',
        checked: front,
        click: show,
      })),
    ];
  }
  if (group === 'View' && isDevelopment) return [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
  return [];
}

function itemOf(id: ActionId, parts: MenuParts): Item {
  const { label, keys } = actions[id];
  const [key] = keys ?? [];
  const theme = id.startsWith('theme.') ? id.slice('theme.'.length) : null;
  return {
    id,
    label,
    click: () => parts.act(id),
    ...(key !== undefined && acceleratorOf(key, parts.isMac)),
    ...(theme !== null && { type: 'radio' as const, checked: theme === parts.theme }),
  };
}

const names: Record<string, string> = {
  mod: 'CmdOrCtrl',
  alt: 'Alt',
  shift: 'Shift',
  left: 'Left',
  right: 'Right',
  '': 'Plus',
};

/** `mod+shift+n` as Electron writes it. A key without Ctrl or Alt is only shown: pressed, it could be meant as text. */
export function acceleratorOf(key: string, isMac: boolean): Pick<Item, 'accelerator' | 'registerAccelerator'> {
  // `mod++` splits into mod and two empty parts: the key is the plus itself.
  const parts = key.endsWith('++') ? [...key.slice(0, -2).split('+'), ''] : key.split('+');
  const accelerator = parts.map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : titled(part))).join('+');
  const plain = parts.length === 1 && !/^f\d+$/.test(key);
  if (!plain) return { accelerator };
  // macOS takes the key from the page all the same.
  return isMac ? {} : { accelerator, registerAccelerator: false };
}

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
