import { expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { checkRoomToOpen, ENOUGH_BYTES, LOW_BYTES, watchDisk } from './disk.ts';

function open(free: number) {
  const room = { free, asked: 0 };
  let now = 0;
  const changes: boolean[] = [];
  const disk = watchDisk({
    path: '/data',
    freeBytes() {
      room.asked += 1;
      if (room.free < 0) throw new Error('EIO');
      return room.free;
    },
    elapsed: () => now,
    everyMs: 3_600_000,
  });
  disk.onChange(({ low }) => changes.push(low));
  const pass = (milliseconds: number) => (now += milliseconds);
  return { disk, room, pass, changes };
}

test('changes are refused with the figures while there is little room, and taken again with some more', () => {
  const { disk, room, pass, changes } = open(LOW_BYTES);
  expect(() => disk.refuseWhenLow()).not.toThrow();
  room.free = LOW_BYTES - 1;
  pass(1_000);
  expect(() => disk.refuseWhenLow()).toThrow(/64 MB are free at \/data, and 96 MB are needed/);
  // Not at the edge: it would flicker.
  room.free = ENOUGH_BYTES - 1;
  pass(1_000);
  expect(() => disk.refuseWhenLow()).toThrow(AppError);
  room.free = ENOUGH_BYTES;
  pass(1_000);
  expect(() => disk.refuseWhenLow()).not.toThrow();
  expect(changes).toEqual([true, false]);
  disk.close();
});

test('the file system is not asked more than a few times a second, and one that does not answer says nothing', () => {
  const { disk, room, pass } = open(LOW_BYTES * 2);
  const asked = room.asked;
  for (let turn = 0; turn < 1_000; turn += 1) disk.refuseWhenLow();
  expect(room.asked).toBe(asked);
  room.free = -1;
  pass(1_000);
  expect(() => disk.refuseWhenLow()).not.toThrow();
  disk.close();
});

test('a database is not opened on a disk that is as good as full', () => {
  const free = vi.fn(() => 1_000_000);
  expect(() => checkRoomToOpen('/data', free)).toThrow(/1 MB are free at \/data/);
  expect(() => checkRoomToOpen('/data', () => 500_000_000)).not.toThrow();
});
