// Deep links, `signalbox://<workspace or connection>/<path>`: they name a place and nothing else. A link comes from
// anywhere, so what is not known to be harmless is refused, never repaired.
import { places, type Place } from './places.ts';

export const LINK_SCHEME = 'signalbox';
const MOST = 1_000;
const owner = /^[a-z0-9][a-z0-9-]{0,63}$/;
const id = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

/** What a link may say beside the place: filters. Never what opens a dialog or begins something. */
const filters: Record<string, RegExp> = {
  state: /^[a-z_,]{1,120}$/,
  view: /^[a-z]{1,20}$/,
  severity: /^[a-z]{1,20}$/,
  agentId: id,
  planId: id,
  task: id,
  retired: /^1$/,
  // Words that are searched for: no control characters, nothing that could be taken for markup.
  q: /^[^\u0000-\u001f\u007f<>\\]{1,200}$/,
};

export interface DeepLink {
  /** The id of a workspace, or of a connection of this computer. */
  owner: string;
  /** A path of the console: `/tasks/<id>?state=failed`. */
  path: string;
}

/** Reads a link; null for anything that is not exactly one. */
export function parseLink(text: string): DeepLink | null {
  if (text.length > MOST || !text.startsWith(`${LINK_SCHEME}://`)) return null;
  // No parser of URLs: it would repair (drop tabs, fold dots, decode hosts).
  const [whole = '', query = '', ...more] = text.slice(LINK_SCHEME.length + 3).split('?');
  if (more.length > 0 || whole.includes('#') || query.includes('#')) return null;
  const [name = '', ...parts] = whole.replace(/\/$/, '').split('/');
  if (!owner.test(name) || parts.length > 2) return null;
  const [place = 'overview', open] = parts;
  if (!isPlace(place) || (open !== undefined && !id.test(open))) return null;
  const search = readFilters(query);
  if (search === null) return null;
  return { owner: name, path: `/${place}${open === undefined ? '' : `/${open}`}${search === '' ? '' : `?${search}`}` };
}

function isPlace(text: string): text is Place {
  return (places as readonly string[]).includes(text);
}

function readFilters(query: string): string | null {
  const kept: string[] = [];
  const seen = new Set<string>();
  for (const [key, value] of entriesOf(query)) {
    // An unknown one is left out: a link of a later version still leads to its place.
    if (!Object.hasOwn(filters, key)) continue;
    if (value === null || seen.has(key) || filters[key]?.test(value) !== true) return null;
    seen.add(key);
    kept.push(`${key}=${encodeURIComponent(value)}`);
  }
  return kept.join('&');
}

/** The pairs of a query; a value in a broken encoding is null. */
function entriesOf(query: string): [string, string | null][] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [key = '', ...rest] = pair.split('=');
      return [key, decode(rest.join('='))];
    });
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** The link to a path of the console in a workspace; what a link may not carry is left out. */
export function formatLink({ owner: name, path }: DeepLink): string {
  const [whole = '', query = ''] = path.split('?', 2);
  const kept = entriesOf(query).flatMap(([key, value]) =>
    value !== null && Object.hasOwn(filters, key) && filters[key]?.test(value) === true
      ? [`${key}=${encodeURIComponent(value)}`]
      : [],
  );
  return `${LINK_SCHEME}://${name}${whole}${kept.length === 0 ? '' : `?${kept.join('&')}`}`;
}
