import { expect, test } from 'vitest';
import { hasTray } from './tray-support.ts';
import { countsInWords, trayMenu, trayTip, type TrayLine } from './tray-words.ts';

const done: string[] = [];
const parts = {
  open: (connection: string | null) => void done.push(`open ${connection ?? 'any'}`),
  setPaused: (connection: string, paused: boolean) => void done.push(`${paused ? 'pause' : 'resume'} ${connection}`),
  quit: () => void done.push('quit'),
};
const counts = { running: 3, queued: 5, needs: 2, paused: false };
const line = (over: Partial<TrayLine> = {}): TrayLine => ({ id: 'computer', name: 'This computer', workspace: 'Depot', counts, mayPause: true, ...over });
const labels = (lines: TrayLine[]) => trayMenu(lines, parts).map(({ label, type }) => label ?? type);

test('the counts are words', () => {
  expect(countsInWords(counts)).toBe('3 running, 5 queued, 2 need a person');
  expect(countsInWords({ running: 0, queued: 0, needs: 1, paused: true })).toBe('0 running, 0 queued, 1 needs a person, paused');
  expect(countsInWords({ running: 1_200, queued: 44_659, needs: 0, paused: false })).toBe('1,200 running, 44,659 queued');
  expect(trayTip([line()])).toBe('Signalbox\n3 running, 5 queued, 2 need a person');
  expect(trayTip([line({ counts: null })])).toBe('Signalbox');
});

test('one connection stands in the menu itself, several have one each', () => {
  expect(labels([line()])).toEqual(['Open Signalbox', 'separator', '3 running, 5 queued, 2 need a person', 'Pause everything', 'separator', 'Quit']);
  expect(labels([line({ counts: null })])).toEqual(['Open Signalbox', 'separator', 'Quit']);
  expect(labels([line(), line({ id: 's-1', name: 'Yard', workspace: null, counts: null })])).toEqual([
    'Open Signalbox',
    'separator',
    'Depot (This computer): 3 running, 5 queued, 2 need a person',
    'Yard: not signed in',
    'separator',
    'Quit',
  ]);
});

test('what is paused can be resumed, by those who may', () => {
  done.length = 0;
  const items = (over: Partial<TrayLine>) => trayMenu([line(over)], parts);
  const paused = items({ counts: { ...counts, paused: true } }).find(({ label }) => label === 'Resume');
  paused?.click?.({} as never, undefined, {});
  expect(done).toEqual(['resume computer']);
  expect(items({ mayPause: false }).some(({ label }) => label === 'Pause everything')).toBe(false);
});

test('on Linux the session bus is asked who shows icons; nobody to ask means none', async () => {
  expect(await hasTray('darwin')).toBe(true);
  expect(await hasTray('linux', () => Promise.resolve('   boolean true\n'))).toBe(true);
  expect(await hasTray('linux', () => Promise.resolve('(false,)\n'))).toBe(false);
  expect(await hasTray('linux', () => Promise.reject(new Error('ENOENT')))).toBe(false);
  const second = (program: string) => (program === 'gdbus' ? Promise.resolve('(true,)') : Promise.reject(new Error('ENOENT')));
  expect(await hasTray('linux', second)).toBe(true);
});
