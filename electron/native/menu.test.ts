import { expect, test } from 'vitest';
import { actionIds, actions, menuGroups } from '../../shared/actions.ts';
import { acceleratorOf, menuTemplate, type MenuParts } from './menu.ts';

interface Item {
  id?: string;
  label?: string;
  role?: string;
  accelerator?: string;
  registerAccelerator?: boolean;
  checked?: boolean;
  submenu?: Item[];
  click?(): void;
}
const done: string[] = [];
const parts: MenuParts = {
  isMac: false,
  isDevelopment: false,
  theme: 'dark',
  windows: [
    { title: 'Tasks · Fish & Chips', front: true, show: () => done.push('show tasks') },
    { title: 'Plans', front: false, show: () => done.push('show plans') },
  ],
  act: (action) => done.push(action),
};
const menus = (over: Partial<MenuParts> = {}) => menuTemplate({ ...parts, ...over }) as Item[];
const all = (items: Item[]): Item[] => items.flatMap((item) => [item, ...all(item.submenu ?? [])]);

test('every action that belongs into a menu is in it once, under its name, and is done when it is chosen', () => {
  expect(menus().map(({ label }) => label?.replace('&', ''))).toEqual(menuGroups);
  const items = all(menus()).filter(({ id }) => id !== undefined);
  expect(items.map(({ id }) => id).toSorted()).toEqual(actionIds.filter((id) => actions[id].menu !== undefined).toSorted());
  done.length = 0;
  for (const item of items) item.click?.();
  expect(done).toEqual(items.map(({ id }) => id));
});

test('the keys of the table are the accelerators; a plain one is shown and left to the page', () => {
  expect(acceleratorOf('mod+shift+n', false)).toEqual({ accelerator: 'CmdOrCtrl+Shift+N' });
  expect(acceleratorOf('mod++', false)).toEqual({ accelerator: 'CmdOrCtrl+Plus' });
  expect(acceleratorOf('mod+-', false)).toEqual({ accelerator: 'CmdOrCtrl+-' });
  expect(acceleratorOf('alt+left', false)).toEqual({ accelerator: 'Alt+Left' });
  expect(acceleratorOf('f11', false)).toEqual({ accelerator: 'F11' });
  expect(acceleratorOf('l', false)).toEqual({ accelerator: 'L', registerAccelerator: false });
  expect(acceleratorOf('l', true)).toEqual({});
});

test('the theme in use is marked, and the window in front', () => {
  const items = all(menus());
  expect(items.filter(({ checked }) => checked).map(({ label }) => label)).toEqual(['Dark theme', 'Tasks · Fish && Chips']);
  done.length = 0;
  items.find(({ label }) => label === 'Plans' && !('accelerator' in {}))?.click?.();
  items.findLast(({ label }) => label === 'Plans')?.click?.();
  expect(done).toContain('show plans');
});

test('reload and the developer tools are there while developing only', () => {
  const roles = (items: Item[]) => all(items).map(({ role }) => role);
  expect(roles(menus())).not.toContain('reload');
  expect(roles(menus({ isDevelopment: true }))).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
});

test('on macOS about, settings and quit are in the application’s own menu', () => {
  const [own, ...others] = menus({ isMac: true });
  expect(all([own!]).map(({ id, role }) => id ?? role).filter(Boolean)).toEqual(['app.about', 'go.settings', 'hide', 'hideOthers', 'quit']);
  expect(all(others).some(({ id }) => id === 'app.about' || id === 'app.quit')).toBe(false);
});
