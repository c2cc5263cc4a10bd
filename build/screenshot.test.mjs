// The picture of a window that nobody sees: from the X server's framebuffer to a PNG.
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { authorityFile } from './display.mjs';
import { xwdToPng } from './screenshot.mjs';

/** A window dump of two by one pixels, each row padded to `bytesPerLine`, with one entry of a colour map. */
function dump({ byteOrder, pixels, bytesPerLine = 12 }) {
  const header = Buffer.alloc(104);
  const fields = { 0: 104, 1: 7, 2: 2, 3: 24, 4: 2, 5: 1, 7: byteOrder, 11: 32, 12: bytesPerLine, 19: 1 };
  for (const [index, value] of Object.entries(fields)) header.writeUInt32BE(value, Number(index) * 4);
  return Buffer.concat([
    header,
    Buffer.alloc(12),
    Buffer.from(pixels),
    Buffer.alloc(bytesPerLine - pixels.length),
  ]);
}

function pixelsOf(png) {
  const start = png.indexOf('IDAT');
  const length = png.readUInt32BE(start - 4);
  return [...inflateSync(png.subarray(start + 4, start + 4 + length))];
}

test('colours come out the same from a server of either byte order', () => {
  const red = [255, 0, 0];
  const blue = [0, 0, 255];
  const little = xwdToPng(dump({ byteOrder: 0, pixels: [0, 0, 255, 0, 255, 0, 0, 0] }));
  const big = xwdToPng(dump({ byteOrder: 1, pixels: [0, 255, 0, 0, 0, 0, 0, 255] }));
  expect(pixelsOf(little)).toEqual([0, ...red, ...blue]);
  expect(pixelsOf(big)).toEqual(pixelsOf(little));
  expect([little.readUInt32BE(16), little.readUInt32BE(20)]).toEqual([2, 1]);
});

test('a dump of another depth is refused, not drawn wrongly', () => {
  const other = dump({ byteOrder: 0, pixels: [0, 0, 0, 0] });
  other.writeUInt32BE(8, 11 * 4);
  expect(() => xwdToPng(other)).toThrow('32 bits');
});

test('the authority file holds one cookie for any display', () => {
  const file = authorityFile(Buffer.from('0123456789abcdef'));
  expect(file.subarray(0, 6)).toEqual(Buffer.from([0xff, 0xff, 0, 0, 0, 0]));
  expect(file.subarray(6, 8).readUInt16BE()).toBe('MIT-MAGIC-COOKIE-1'.length);
  expect(file.subarray(-16).toString()).toBe('0123456789abcdef');
});
