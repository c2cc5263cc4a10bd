// The app: protocol, by which a window loads its page: files of one folder, headers that forbid the rest.
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

export const APP_SCHEME = 'app';
export const APP_HOST = 'signalbox';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** The page may run its own scripts and reach nothing. Inline styles: Mantine sets its variables so. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For `npm run dev` alone: Vite's page has an inline script and a socket to its server. */
export function developmentPolicy(serverOrigin: string): string {
  const socket = serverOrigin.replace(/^http/, 'ws');
  return contentSecurityPolicy
    .replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
    .replace("connect-src 'none'", `connect-src 'self' ${socket}`);
}

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** The file that an address names under `root`; null for anything outside of it or of another host. */
export function resolveAppPath(root: string, address: string): string | null {
  let path: string;
  try {
    const url = new URL(address);
    if (url.protocol !== `${APP_SCHEME}:` || url.host !== APP_HOST) return null;
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  // A place in the console has no extension and is drawn by the one page.
  if (extname(path) === '') path = '/index.html';
  const file = normalize(join(root, path));
  return file.startsWith(normalize(root) + sep) ? file : null;
}

/** One answer, as Electron's protocols take it. */
export interface Served {
  statusCode: number;
  headers: Record<string, string>;
  mimeType?: string;
  data: Buffer;
}

/** Answers one request for a file of the page. `firstPage` may answer another page, once. */
export async function serveApp(
  root: string,
  request: { url: string; method: string },
  firstPage: () => string | null = () => null,
): Promise<Served> {
  const file = request.method === 'GET' ? resolveAppPath(root, request.url) : null;
  const mediaType = file === null ? undefined : mediaTypes[extname(file)];
  if (file === null || mediaType === undefined) return notFound();
  try {
    const page = file === join(normalize(root), 'index.html') ? firstPage() : null;
    const data = page === null ? await readFile(file) : Buffer.from(page);
    const mimeType = mediaType.split(';')[0] ?? mediaType;
    return { statusCode: 200, headers: { ...guardHeaders(), 'content-type': mediaType }, mimeType, data };
  } catch {
    return notFound();
  }
}

function notFound(): Served {
  return { statusCode: 404, headers: guardHeaders(), data: Buffer.alloc(0) };
}

function guardHeaders(): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
  };
}
