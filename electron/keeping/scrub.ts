// Takes out of a text what must not leave this computer: keys, tokens, passwords, addresses of people, and names of
// accounts. Rather too much than too little: who reads a report needs none of it.

export interface Known {
  /** Secrets and names that are known here, taken out wherever they stand. */
  secrets: readonly string[];
  /** Names that say who uses this computer: of the account and of the machine. */
  names: readonly string[];
}

const REMOVED = '[removed]';
const names =
  'pass(?:word|phrase|wd)?|secret|token|access_?token|refresh_?token|lease_?token|api_?key|key|authorization|cookie|master_?key|credential|signature|totp|otp|dsn';

/** Each with why; in their order, as an address of a database holds what looks like an address of e-mail. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // Name and password in any address, with the host of a database.
  [/\b(postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqps?):\/\/[^\s"'`<>]+/gi, '$1://[removed]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s"'`<>/@]+@/gi, `$1${REMOVED}@`],
  // A member of JSON, whatever its value is, and a pair as in a query or a header.
  [new RegExp(`("(?:[\\w-]*[_-])?(?:${names})"\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"|[^,}\\]\\s]+)`, 'gi'), `$1"${REMOVED}"`],
  [new RegExp(`(\\\\"(?:[\\w-]*[_-])?(?:${names})\\\\"\\s*:\\s*)\\\\"(?:[^"\\\\]|\\\\\\\\.)*\\\\"`, 'gi'), `$1\\"${REMOVED}\\"`],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${REMOVED}`],
  [new RegExp(`\\b((?:[A-Z0-9]+_)*(?:${names}))(\\s*[=:]\\s*)(?!"?\\[removed)("[^"]*"|'[^']*'|[^\\s&;,"']+)`, 'gi'), `$1$2${REMOVED}`],
  // Tokens by their form: JWT, our own keys, those of providers, and private keys.
  [/\beyJ[\w-]{8,}(?:\.[\w-]+){1,2}/g, REMOVED],
  [/\b(?:sb[kx]?|sk|pk|rk|ghp|gho|ghu|ghs|ghr|github_pat|xox[abprs]|whsec|AIza|glpat)[_-][\w-]{10,}/g, REMOVED],
  [/\bAIza[\w-]{20,}/g, REMOVED],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REMOVED],
  // E-mail addresses.
  [/[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, REMOVED],
  // 16 bytes or more in hexadecimal without a break: a key as likely as a checksum.
  [/(?<![\w-])[0-9a-f]{32,}(?![\w-])/gi, REMOVED],
  // The account in a path of its home.
  [/((?:\/home\/|\/Users\/|[A-Z]:\\+Users\\+))[^\s/\\"':]+/g, '$1[account]'],
];

/** Long, and of digits and both cases as only chance mixes them: a key in base64, where a path or a word is none. */
function looksRandom(text: string): boolean {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return count(/[0-9]/g) >= 2 && count(/[A-Z]/g) >= 4 && count(/[a-z]/g) >= 4;
}

const plain = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A name that is short or a common word would take half the text with it. */
const MIN_NAME = 4;
/** Accounts that are called so tell nobody apart, and the report is made of these words. */
const COMMON = new Set(['signalbox', 'electron', 'node', 'user', 'admin', 'administrator', 'root', 'postgres', 'localhost']);

export function scrub(text: string, known: Known): string {
  let clean = text;
  const secrets = known.secrets.filter((secret) => secret.length >= 6).toSorted((a, b) => b.length - a.length);
  for (const secret of secrets) {
    clean = clean.replaceAll(secret, REMOVED).replaceAll(JSON.stringify(secret).slice(1, -1), REMOVED);
  }
  for (const [pattern, by] of patterns) clean = clean.replace(pattern, by);
  clean = clean.replaceAll(/[A-Za-z0-9+/_-]{24,}={0,2}/g, (word) => (looksRandom(word) ? REMOVED : word));
  for (const name of known.names) {
    if (name.length < MIN_NAME || COMMON.has(name.toLowerCase())) continue;
    clean = clean.replaceAll(new RegExp(`(?<![\\w-])${plain(name)}(?![\\w-])`, 'gi'), '[name]');
  }
  return clean;
}
