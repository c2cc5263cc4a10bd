// Addresses outside of the console that a text may lead to. They are opened by the system's browser, never by a window.
import { z } from 'zod';

/** Every runtime has it; the types of what is shared have no runtime's globals. */
declare const URL: new (text: string) => { protocol: string; username: string; password: string; href: string };

/** Windows refuses longer ones. */
export const MOST_OF_ADDRESS = 2_000;

/**
 * The address as it is opened: its host in ASCII, so that no letter passes for another. Null for all that a browser
 * would not open as a page of the web, and for what carries a name before its host (`https://bank@elsewhere`).
 */
export function readOutside(text: string): string | null {
  if (text.length > MOST_OF_ADDRESS || !/^https?:\/\/[^\s\p{Cc}\p{Cf}\\]+$/iu.test(text)) return null;
  try {
    const { protocol, username, password, href } = new URL(text);
    const ofTheWeb = protocol === 'https:' || protocol === 'http:';
    return ofTheWeb && username === '' && password === '' && href.length <= MOST_OF_ADDRESS ? href : null;
  } catch {
    return null;
  }
}

export const outsideAddress = z.string().refine((text) => readOutside(text) !== null, 'Only http and https addresses are opened.');

export interface TextPart {
  text: string;
  /** Where it leads, if it is an address. */
  address?: string;
}

const candidate = /(?<![\p{L}\p{N}])https?:\/\/(?:(?!\]\()[^\s\p{Cc}\p{Cf}<>"`])+/giu;
const pairs = { ')': '(', ']': '[', '}': '{' } as const;
const count = (text: string, sign: string): number => text.split(sign).length - 1;

/** Without the signs that end a sentence, or close a bracket that was open before the address. */
function trimEnd(text: string): string {
  let end = text;
  for (;;) {
    const last = end.at(-1) ?? '';
    const open = Object.hasOwn(pairs, last) ? pairs[last as keyof typeof pairs] : null;
    const closes = open !== null && count(end, last) > count(end, open);
    if (!closes && !/[.,;:!?'’”»*_~|]/.test(last)) return end;
    end = end.slice(0, -1);
  }
}

/** A text in its parts, of which those that are addresses can be followed. Together they are the text. */
export function splitAddresses(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const found of text.matchAll(candidate)) {
    const shown = trimEnd(found[0]);
    const address = readOutside(shown);
    if (address === null) continue;
    if (found.index > from) parts.push({ text: text.slice(from, found.index) });
    parts.push({ text: shown, address });
    from = found.index + shown.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** The addresses in a text, each once, in its order. */
export function addressesIn(text: string): Required<TextPart>[] {
  const found = splitAddresses(text).flatMap(({ text: shown, address }) => (address === undefined ? [] : [{ text: shown, address }]));
  return found.filter((one, index) => found.findIndex(({ address }) => address === one.address) === index);
}
