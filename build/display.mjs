// An X server without a screen (Xvfb) for machines that have no display, with access by cookie only.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from './output.mjs';
import { cache, folder } from './paths.mjs';
import { startHelper } from './process.mjs';

const screen = '1920x1200x24';
const startWithin = 15_000;

/**
 * Starts Xvfb on a free display.
 * @returns {Promise<{ display: string, env: object, framebuffer: string, stop: () => void }>}
 */
export async function startDisplay() {
  const home = mkdtempSync(path.join(folder(cache, 'display'), 'x-'));
  const authority = path.join(home, 'authority');
  writeFileSync(authority, authorityFile(randomBytes(16)), { mode: 0o600 });
  const args = [
    '-displayfd',
    '3',
    '-screen',
    '0',
    screen,
    '-nolisten',
    'tcp',
    '-noreset',
    '-auth',
    authority,
    '-fbdir',
    home,
  ];
  const server = startHelper(['Xvfb', ...args], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const number = await displayNumber(server);
  const display = `:${number}`;
  return {
    display,
    env: { DISPLAY: display, XAUTHORITY: authority, WAYLAND_DISPLAY: undefined },
    framebuffer: path.join(home, 'Xvfb_screen0'),
    stop: () => {
      server.kill('SIGTERM');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Xvfb writes the number of the display that it took to its descriptor 3 once it is ready. */
function displayNumber(server) {
  return new Promise((resolve, reject) => {
    let complaint = '';
    let answer = '';
    const give = (problem) => reject(new CommandError(`Xvfb did not start: ${problem}\n${complaint}`));
    const timer = setTimeout(() => give(`no answer in ${startWithin / 1000} s`), startWithin);
    server.stderr.on('data', (chunk) => {
      complaint = (complaint + chunk).slice(-4000);
    });
    server.stdio[3].on('data', (chunk) => {
      answer += chunk;
      if (!answer.endsWith('\n')) return;
      clearTimeout(timer);
      resolve(answer.trim());
    });
    server.on('error', (error) => give(error.message));
    server.on('exit', (code) => {
      clearTimeout(timer);
      give(`exit code ${code}`);
    });
  });
}

/**
 * An X authority file with one cookie for any address and display (family "wild"), as the display's number
 * is known only after the server has started.
 */
export function authorityFile(cookie) {
  const counted = (bytes) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const nothing = Buffer.alloc(0);
  const name = Buffer.from('MIT-MAGIC-COOKIE-1', 'latin1');
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    counted(nothing),
    counted(nothing),
    counted(name),
    counted(cookie),
  ]);
}
