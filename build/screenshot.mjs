// Reads the X server's framebuffer file (Xvfb writes one in XWD format) and keeps it as a PNG, so that no
// screenshot program need be installed.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

const every = 4000;

/** Keeps a current picture of the framebuffer at `target`; answers the function that ends it. */
export function keepScreenshot(framebuffer, target) {
  let last;
  const take = () => {
    if (!existsSync(framebuffer)) return;
    const png = xwdToPng(readFileSync(framebuffer));
    if (last !== undefined && png.equals(last)) return;
    last = png;
    // Renamed into place: whoever looks never sees half a picture.
    writeFileSync(`${target}.new`, png);
    renameSync(`${target}.new`, target);
  };
  const timer = setInterval(take, every);
  // No last one at the end: the window is gone by then.
  return () => clearInterval(timer);
}

/**
 * Converts an X window dump (version 7, 32 bits a pixel, true colour) to PNG.
 * @param {Buffer} dump @returns {Buffer}
 */
export function xwdToPng(dump) {
  const field = (index) => dump.readUInt32BE(index * 4);
  const [headerSize, version, width, height] = [field(0), field(1), field(4), field(5)];
  const [littleEndian, bitsPerPixel, bytesPerLine, colours] = [
    field(7) === 0,
    field(11),
    field(12),
    field(19),
  ];
  if (version !== 7 || bitsPerPixel !== 32) throw new Error('Not a window dump with 32 bits a pixel.');
  const start = headerSize + colours * 12;
  const rows = Buffer.alloc(height * (1 + width * 3));
  // In memory a pixel is blue, green, red, unused on a little-endian server, and the reverse on the other.
  const [red, green, blue] = littleEndian ? [2, 1, 0] : [1, 2, 3];
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    let from = start + y * bytesPerLine;
    to += 1;
    for (let x = 0; x < width; x += 1) {
      rows[to] = dump[from + red];
      rows[to + 1] = dump[from + green];
      rows[to + 2] = dump[from + blue];
      to += 3;
      from += 4;
    }
  }
  return encodePng(width, height, rows);
}

function encodePng(width, height, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a channel, true colour, no interlacing.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(rows, { level: 3 });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
