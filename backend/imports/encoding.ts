// Repairs UTF-8 that was read as windows-1252 or Mac Roman ("â€”", "‚Äî"), only where the repair round-trips.

interface Codec {
  name: 'windows-1252' | 'macintosh';
  /** Character to the byte 0x80–0xFF that it was read from. */
  bytes: Map<string, number>;
  characters: string[];
}

interface Segment {
  start: number;
  end: number;
  text: string;
  /** Strong: no ordinary writing looks like this. Weak ones count only beside strong ones. */
  strong: boolean;
}

export interface Repair {
  line: number;
  from: string;
  to: string;
}

export interface RepairedText {
  text: string;
  repairs: Repair[];
  /** Lines that still look broken, where a repair would be a guess. */
  broken: number[];
}

const codecs: Codec[] = [codec('windows-1252'), codec('macintosh')];
const NOT_ASCII_RUN = /[^\u0000-\u007f]{2,}/g;
const REFUSED = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const SYMBOL = /[\p{S}\p{P}\p{Zs}\p{Cf}\p{Mn}\p{N}]/u;
const LATIN = /[\u00a0-\u017f\u1e00-\u1eff]/u;
/** What may well follow a capital in ordinary writing, so that "AMANHÃ…" is left alone. */
const FOLLOWS_LETTERS = new Set('…”“’‘„‚»›‹–—\u00a0');
const SUSPICIOUS = /â€|ðŸ|Ã[\u0080-\u00bf]|Â[\u0080-\u00bf]|‚Ä|\uFFFD/;
/** A text can be misread twice; nobody has met four times. */
const MOST_PASSES = 3;

function codec(name: Codec['name']): Codec {
  const all = Uint8Array.from({ length: 128 }, (_, index) => index + 128);
  const characters = [...new TextDecoder(name).decode(all)];
  return { name, characters, bytes: new Map(characters.map((character, index) => [character, index + 128])) };
}

/** Repairs each line on its own; the number of lines never changes. */
export function repairEncoding(lines: readonly string[]): RepairedText & { lines: string[] } {
  let current = [...lines];
  const repairs: Repair[] = [];
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const found = repairOnce(current);
    if (found.repairs.length === 0) break;
    current = found.lines;
    for (const repair of found.repairs) repairs.push(repair);
  }
  const broken = current.flatMap((line, index) => (SUSPICIOUS.test(line) ? [index + 1] : []));
  return { lines: current, text: current.join('\n'), repairs, broken };
}

function repairOnce(lines: readonly string[]): { lines: string[]; repairs: Repair[] } {
  const candidates = lines.map((line) => candidatesOf(line));
  const evidence = candidates.some((runs) => runs.some((segment) => segment.strong));
  const repairs: Repair[] = [];
  const repaired = lines.map((line, index) => {
    const accepted = (candidates[index] ?? []).filter((segment) => segment.strong || evidence);
    if (accepted.length === 0) return line;
    const pieces: string[] = [];
    let at = 0;
    for (const segment of accepted) {
      pieces.push(line.slice(at, segment.start), segment.text);
      at = segment.end;
    }
    pieces.push(line.slice(at));
    const first = accepted[0]!;
    repairs.push({ line: index + 1, from: line.slice(first.start, first.end), to: first.text });
    return pieces.join('');
  });
  return { lines: repaired, repairs };
}

function candidatesOf(line: string): Segment[] {
  const all: Segment[] = [];
  for (const match of line.matchAll(NOT_ASCII_RUN)) {
    const options = codecs.map((each) => segmentsOf(match[0], match.index, each));
    const [first = [], second = []] = options;
    for (const segment of length(second) > length(first) ? second : first) all.push(segment);
  }
  return all;
}

function length(segments: Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.end - segment.start, 0);
}

/** The parts of a run that are whole UTF-8 when its characters are taken back to bytes. */
function segmentsOf(run: string, offset: number, from: Codec): Segment[] {
  const bytes = Array.from({ length: run.length }, (_, index) => from.bytes.get(run[index]!) ?? 0);
  const segments: Segment[] = [];
  let decoded: string[] = [];
  let start = 0;
  const close = (end: number) => {
    const found = decoded.length > 0 ? judged(run.slice(start, end), decoded, from) : [];
    for (const judgement of found) segments.push({ ...judgement, start: offset + start, end: offset + end });
    decoded = [];
  };
  for (let at = 0; at < bytes.length;) {
    const sequence = decodeAt(bytes, at);
    if (sequence === null) {
      close(at);
      at += 1;
      continue;
    }
    if (decoded.length === 0) start = at;
    decoded.push(sequence.character);
    at += sequence.size;
    if (at >= bytes.length) close(at);
  }
  return segments;
}

function decodeAt(bytes: number[], at: number): { character: string; size: number } | null {
  const lead = bytes[at]!;
  const size =
    lead >= 0xc2 && lead <= 0xdf
      ? 2
      : lead >= 0xe0 && lead <= 0xef
        ? 3
        : lead >= 0xf0 && lead <= 0xf4
          ? 4
          : 0;
  if (size === 0 || at + size > bytes.length) return null;
  let code = lead & (0xff >> (size + 1));
  for (let next = at + 1; next < at + size; next += 1) {
    const byte = bytes[next]!;
    if (byte < 0x80 || byte > 0xbf) return null;
    code = (code << 6) | (byte & 0x3f);
  }
  const least = size === 2 ? 0x80 : size === 3 ? 0x800 : 0x10000;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
  return { character: String.fromCodePoint(code), size };
}

function judged(source: string, decoded: string[], from: Codec): Omit<Segment, 'start' | 'end'>[] {
  const text = decoded.join('');
  if (decoded.some((character) => REFUSED.test(character)) || !roundTrips(source, text, from)) return [];
  return [{ text, strong: isStrong(source, decoded, from) }];
}

/** The proof: the repaired text, written as UTF-8 and misread again, is the text as it came. */
function roundTrips(source: string, text: string, from: Codec): boolean {
  let misread = '';
  for (const byte of new TextEncoder().encode(text))
    misread += byte < 0x80 ? '?' : from.characters[byte - 0x80]!;
  return misread === source;
}

function isStrong(source: string, decoded: string[], from: Codec): boolean {
  const [only = ''] = decoded;
  if (decoded.length > 1) {
    return decoded.every((one) => SYMBOL.test(one) || LATIN.test(one)) || decoded.length > 2;
  }
  if (source.length === 2) {
    return from.name === 'windows-1252' && LATIN.test(only) && !FOLLOWS_LETTERS.has(source[1]!);
  }
  return SYMBOL.test(only) || LATIN.test(only);
}
