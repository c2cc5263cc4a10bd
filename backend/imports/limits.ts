// Time limits and the floor, as people write them: "15 min max", "15-minute limit", "ALWAYS 5 ACTIVE AGENTS".

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };
const AMOUNT = String.raw`(\d{1,7}(?:[.,]\d{1,3})?)(?:\s?(?:-|–|to)\s?(\d{1,7}(?:[.,]\d{1,3})?))?\s?-?\s?`;
const UNIT = '(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![\\p{L}\\p{N}])';
const DURATION = `${AMOUNT}${UNIT}`;
const LIMIT_WORDS =
  '(?:max(?:imum)?\\.?|time[ -]?limits?|limits?|time[ -]?box(?:ed|es)?|hard (?:cap|limit)|cap|at most|each)';
const ONLY_LIMIT = new RegExp(
  `^(?:≤|<=|<|~|up to|at most|${LIMIT_WORDS})?[:\\s]*${DURATION}\\s*(?:${LIMIT_WORDS})?$`,
  'iu',
);
const SUFFIXED = new RegExp(
  `${DURATION}\\s{0,2}(?:max(?:imum)?\\b|time[ -]?limit|limit\\b|time[ -]?box)`,
  'iu',
);
const OF = '(?:\\s(?:per|for|of)\\s(?:each |every |all |an? )?(?:micro[ -]?)?(?:tasks?|agents?))?';
const PREFIXED = new RegExp(
  `(?:time[ -]?limit|time[ -]?box(?:ed)?(?: to| at)?|timeout)${OF}\\W{0,5}(?:of |is )?\\W{0,3}${DURATION}`,
  'iu',
);
const TASK_LIMIT = 'time[ -]?(?:limit|box(?:es)?)|limit\\b|(?:micro[ -]?)?tasks?\\b|max\\b|maximum';
const FOR_EACH = '(?:for |per )?(?:each|every|per|all)(?: micro[ -]?)?\\s?(?:tasks?|agents?)?\\b';
const PER_TASK = new RegExp(`${DURATION}\\W{0,4}(?:${TASK_LIMIT}|${FOR_EACH})`, 'iu');
const PIECE = new RegExp(DURATION, 'giu');

/** Seconds of "15 min", "1h 30m", "10-15 minutes" (the longer), "PT15M"; null when it names no duration. */
export function durationOf(text: string): number | null {
  const value = text.slice(0, 200);
  const iso = /\bPT(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?\b/.exec(value);
  if (iso !== null && iso[0] !== 'PT') {
    return Number(iso[1] ?? 0) * 3600 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0);
  }
  let total: number | null = null;
  let end = -1;
  for (const match of value.matchAll(PIECE)) {
    // "1 h 30 min" adds up; a second duration further on is another matter.
    if (end !== -1 && !/^[\s,]*(?:and\s)?$/.test(value.slice(end, match.index))) break;
    total = (total ?? 0) + secondsOf(match[2] ?? match[1]!, match[3]!);
    end = match.index + match[0].length;
  }
  return total;
}

function secondsOf(amount: string, unit: string): number {
  return Math.round(Number(amount.replace(',', '.')) * (units[unit[0]!.toLowerCase()] ?? 60));
}

/** The limit that a task's own words name, and the words without it: "Do x (15 min max)": 900 and "Do x". */
export function limitIn(text: string): { seconds: number | null; rest: string } {
  const head = text.slice(0, 4000);
  for (const match of head.matchAll(/\(([^()]{1,60})\)|\[([^[\]]{1,60})\]/g)) {
    const inner = (match[1] ?? match[2]!).trim();
    if (!ONLY_LIMIT.test(inner)) continue;
    const before = text.slice(0, match.index).trimEnd();
    return {
      seconds: durationOf(inner),
      rest: `${before}${text.slice(match.index + match[0].length)}`.trim(),
    };
  }
  const match = SUFFIXED.exec(head) ?? PREFIXED.exec(head);
  return { seconds: match === null ? null : durationOf(match[0]), rest: text };
}

/** The limit for every task, where a text outside of the tasks names one. */
export function planLimitIn(text: string): number | null {
  const head = text.slice(0, 2000);
  const match = PER_TASK.exec(head) ?? PREFIXED.exec(head);
  return match === null ? null : durationOf(match[0]);
}

const words = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const COUNT = `(\\d{1,7}|${words.join('|')})`;
const WHO = '(?:agents?|tasks?|workers?|micro[ -]?tasks?|slots?)';
const BUSY = '(?:active|running|busy|concurrent|parallel|working|simultaneous|live)';
const AT_LEAST = '(?:(?:at least|a minimum of|minimum of|no fewer than|always|a floor of) )';
const EVER = '(?:at all times|at any time)';
const floors = [
  `always (?:(?:keep|have|run|maintain|at least) ){0,2}${COUNT} (?:or more )?(?:${BUSY}(?: ${WHO})?|${WHO})`,
  `(?:maintain|keep|hold|sustain) ${AT_LEAST}?${COUNT} (?:or more )?(?:${BUSY} ${WHO}|${WHO} ${BUSY})`,
  `never (?:(?:have|run|keep|with|let) ){0,2}(?:fewer|less) than ${COUNT}`,
  `not? (?:fewer|less) than ${COUNT} (?:${BUSY} )?${WHO}`,
  `never (?:\\S{1,20} )?(?:drop|fall|go|sink)s? (?:below|under) ${COUNT}`,
  `${AT_LEAST}${COUNT} (?:${BUSY} ${WHO}|${WHO} (?:are |stay |must be |be |remain )?(?:${BUSY}|${EVER}))`,
  `${COUNT} ${WHO} (?:${BUSY} )?${EVER}`,
  `(?:minimum|min) (?:${BUSY} )(?:${WHO} )?(?:is |of |to )?${COUNT}`,
  `floor (?:is |of |at ){0,2}${COUNT}`,
].map((pattern) => new RegExp(`(?<!\\p{L})${pattern}(?![\\p{L}\\p{N}])`, 'iu'));

/** How many agents are to be active at least, where a text says so; null otherwise. */
export function floorIn(text: string): number | null {
  const flat = text
    .slice(0, 2000)
    .replace(/[*_`:,–—-]+/g, ' ')
    .replace(/\s+/g, ' ');
  for (const pattern of floors) {
    const match = pattern.exec(flat);
    if (match !== null) return countOf(match[1]!);
  }
  return null;
}

/** A count in digits or in words; null when there is none. */
export function countOf(text: string): number | null {
  const match = new RegExp(`(?<![\\p{L}\\p{N}])${COUNT}(?![\\p{L}\\p{N}])`, 'iu').exec(text.slice(0, 200));
  if (match === null) return null;
  const inWords = words.indexOf(match[1]!.toLowerCase());
  return inWords === -1 ? Number(match[1]) : inWords;
}
