// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { ariaKeys, isPlainKey, keyWords, matchesKey, takesText } from './keys.ts';

const pressed = (key: string, over: Partial<KeyboardEventInit> = {}) => new KeyboardEvent('keydown', { key, ...over });
const ctrl = { ctrlKey: true };

test('letters match with the shift that is asked, signs however they are made', () => {
  expect(matchesKey(pressed('r'), 'r', false)).toBe(true);
  expect(matchesKey(pressed('R', { shiftKey: true }), 'r', false)).toBe(false);
  expect(matchesKey(pressed('?', { shiftKey: true }), '?', false)).toBe(true);
  expect(matchesKey(pressed('N', { ...ctrl, shiftKey: true }), 'mod+shift+n', false)).toBe(true);
  expect(matchesKey(pressed('n', ctrl), 'mod+shift+n', false)).toBe(false);
  expect(matchesKey(pressed('r', ctrl), 'r', false)).toBe(false);
});

test('plus is a key of its own, and figures are the keys above the letters', () => {
  expect(matchesKey(pressed('+', { ...ctrl, shiftKey: true }), 'mod++', false)).toBe(true);
  expect(matchesKey(pressed('=', ctrl), 'mod+=', false)).toBe(true);
  // A French keyboard: the figure needs shift, the key without it writes a sign.
  expect(matchesKey(pressed('&', { ...ctrl, code: 'Digit1' }), 'mod+1', false)).toBe(true);
  expect(matchesKey(pressed('ArrowLeft', { altKey: true }), 'alt+left', false)).toBe(true);
});

test('on macOS Cmd stands for Ctrl, and Ctrl is another key', () => {
  expect(matchesKey(pressed('k', { metaKey: true }), 'mod+k', true)).toBe(true);
  expect(matchesKey(pressed('k', ctrl), 'mod+k', true)).toBe(false);
  expect([keyWords('mod+shift+n', true), keyWords('alt+left', true)]).toEqual(['⌘ ⇧ N', '⌥ ←']);
});

test('keys are shown as people read them', () => {
  expect(['mod+k', 'mod++', 'alt+left', 'escape', 'f11', '?'].map((key) => keyWords(key, false))).toEqual(['Ctrl K', 'Ctrl +', 'Alt ←', 'Esc', 'F11', '?']);
  expect(ariaKeys('mod+shift+n')).toBe('Control+Shift+N');
  expect([isPlainKey('r'), isPlainKey('mod+r'), isPlainKey('f11'), isPlainKey('?')]).toEqual([true, false, false, true]);
});

test('what takes text keeps its keys', () => {
  const field = (html: string) => {
    document.body.innerHTML = html;
    return takesText(document.body.firstElementChild);
  };
  expect(['<input>', '<textarea></textarea>', '<select></select>'].map(field)).toEqual([true, true, true]);
  expect(['<input type="checkbox">', '<button></button>', '<div></div>'].map(field)).toEqual([false, false, false]);
  expect(takesText(null)).toBe(false);
});
