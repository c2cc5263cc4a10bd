import { expect, test } from 'vitest';
import { createUndo, type Undoable } from './undo.tsx';

function setUp() {
  const log: string[] = [];
  const takes: (() => void)[] = [];
  const undo = createUndo((undoable, take) => {
    log.push(`offer ${undoable.done}`);
    takes.push(take);
    return () => void log.push(`hide ${undoable.done}`);
  });
  const did = (name: string, over: Partial<Undoable> = {}): void =>
    undo.offer({ done: name, undone: `not ${name}`, undo: () => Promise.resolve(void log.push(`undo ${name}`)), ...over });
  return { undo, did, log, takes };
}

test('the newest is taken back first, and each once', () => {
  const { undo, did, log, takes } = setUp();
  did('a');
  did('b');
  expect([undo.undoLast(), undo.undoLast(), undo.undoLast()]).toEqual([true, true, false]);
  takes[0]?.();
  expect(log.filter((line) => line.startsWith('undo'))).toEqual(['undo b', 'undo a']);
  expect(log).toContain('hide b');
});

test('its own button takes one back out of its turn', () => {
  const { undo, did, log, takes } = setUp();
  did('a');
  did('b');
  takes[0]?.();
  takes[0]?.();
  undo.undoLast();
  expect(log.filter((line) => line.startsWith('undo'))).toEqual(['undo a', 'undo b']);
});

test('only so many are kept', () => {
  const { undo, did, log } = setUp();
  for (let index = 0; index < 30; index += 1) did(String(index));
  while (undo.undoLast());
  expect(log.filter((line) => line.startsWith('undo'))).toHaveLength(20);
});
