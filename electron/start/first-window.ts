// The first window to open and how it looks, from the small files of the last start; without zod, which the first
// window need not wait for. What cannot be read is as on the first start of all; the stores report it later.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SavedWindow } from '../native/window-list.ts';
import type { Rectangle } from '../native/window-place.ts';
import type { RememberedSession } from './last-shown.ts';

type Json = Record<string, unknown>;

/** Null when there is none, or none that can be read. */
export function readTextFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** A file's content as an object; empty when there is none, or none that can be read. */
export function readJsonFile(path: string): Json {
  try {
    return objectOf(JSON.parse(readTextFile(path) ?? '{}'));
  } catch {
    return {};
  }
}

/** Of windows.json. Its connection is empty where the file names none. */
export function firstWindowOf(windows: Json): SavedWindow {
  const list = Array.isArray(windows.windows) ? windows.windows : [];
  const { connection, path, bounds, maximized, zoom } = objectOf(list[0]);
  const place = rectangleOf(bounds);
  return {
    connection: typeof connection === 'string' && connection.length <= 64 ? connection : '',
    path: typeof path === 'string' && path.length <= 600 ? path : '/',
    ...(place === undefined ? {} : { bounds: place }),
    maximized: maximized === true,
    zoom: typeof zoom === 'number' && zoom >= 0.8 && zoom <= 2 ? zoom : 1,
  };
}

/** Of preferences.json. */
export function themeOf({ theme }: Json): 'system' | 'light' | 'dark' {
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Of session.json, for one connection. */
export function rememberedOf(sessions: Json, connection: string): RememberedSession {
  const { server, refreshToken, shownKey } = objectOf(objectOf(sessions.sessions)[connection]);
  return { server: textOf(server), refreshToken: textOf(refreshToken), shownKey: textOf(shownKey) };
}

/**
 * Of connections.json: which backend stands behind a connection, as tokens are bound to it. Null: it is not known, or
 * comes from the environment, of which nothing is kept.
 */
export function homeOf(connections: Json, connection: string, dataDir: string): string | null {
  if (connection === 'computer') return `embedded:${dataDir}`;
  const list = Array.isArray(connections.connections) ? connections.connections : [];
  const record = list.map(objectOf).find(({ id }) => id === connection);
  return textOf(record?.url) ?? null;
}

/** Which build of the page this is: its files carry a digest of their content in their names, and it names them. */
export function buildOf(index: string, version: string): string {
  return `${version} ${createHash('sha256').update(index).digest('base64url')}`;
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function rectangleOf(value: unknown): Rectangle | undefined {
  const { x, y, width, height } = objectOf(value);
  const numbers = [x, y, width, height];
  if (!numbers.every((number) => typeof number === 'number' && Number.isFinite(number))) return undefined;
  return { x, y, width, height } as Rectangle;
}
