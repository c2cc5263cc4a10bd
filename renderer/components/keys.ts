// Keys as the table of actions writes them (`mod+shift+n`), matched with what is pressed and drawn as caps.

export const isMac = (): boolean => /Mac/.test(navigator.platform);

interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const arrows: Record<string, string> = { left: 'arrowleft', right: 'arrowright', up: 'arrowup', down: 'arrowdown' };

/** Whether a press is this key. Signs match however a keyboard makes them, letters only with the shift that is asked. */
export function matchesKey(pressed: Pressed, written: string, mac = isMac()): boolean {
  const { key, modifiers } = split(written);
  const mod = mac ? pressed.metaKey : pressed.ctrlKey;
  const other = mac ? pressed.ctrlKey : pressed.metaKey;
  if (other || mod !== modifiers.has('mod') || pressed.altKey !== modifiers.has('alt')) return false;
  const given = pressed.key.toLowerCase();
  // On some keyboards a figure needs shift; the key itself is meant.
  if (/^\d$/.test(key) && modifiers.has('mod')) return pressed.code === `Digit${key}` || given === key;
  if (given !== (arrows[key] ?? key)) return false;
  const isSign = key.length === 1 && !/[a-z]/.test(key);
  return isSign || pressed.shiftKey === modifiers.has('shift');
}

function split(written: string): { key: string; modifiers: Set<string> } {
  const parts = written.endsWith('++') ? [...written.slice(0, -2).split('+'), '+'] : written.split('+');
  return { key: parts.at(-1) ?? '', modifiers: new Set(parts.slice(0, -1)) };
}

/** A key without Ctrl, Cmd or Alt: in a field it is text. */
export function isPlainKey(written: string): boolean {
  const { key, modifiers } = split(written);
  return !modifiers.has('mod') && !modifiers.has('alt') && !/^f\d+$/.test(key);
}

const caps: Record<string, string> = {
  left: '←',
  right: '→',
  up: '↑',
  down: '↓',
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
  home: 'Home',
  end: 'End',
  alt: 'Alt',
  shift: 'Shift',
};

/** "Ctrl Shift N"; on macOS "⌘ ⇧ N". */
export function keyWords(written: string, mac = isMac()): string {
  const { key, modifiers } = split(written);
  const marks = [...modifiers].map((name) => {
    if (name === 'mod') return mac ? '⌘' : 'Ctrl';
    if (mac) return name === 'alt' ? '⌥' : '⇧';
    return caps[name] ?? name;
  });
  return [...marks, caps[key] ?? key.toUpperCase()].join(' ');
}

/** What aria-keyshortcuts takes: "Control+K". */
export function ariaKeys(written: string): string {
  const { key, modifiers } = split(written);
  const marks = [...modifiers].map((name) => (name === 'mod' ? (isMac() ? 'Meta' : 'Control') : name === 'alt' ? 'Alt' : 'Shift'));
  return [...marks, key.length === 1 ? key.toUpperCase() : (caps[key] ?? key)].join('+');
}

/** Whether what has the focus takes text, so that plain keys and Ctrl+Z are its own. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range', 'file'].includes(target.type);
}
