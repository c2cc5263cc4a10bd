// What can go wrong with a provider, each with a stable code: whether it is tried again, whether it counts for the
// breaker, and what it says of the account. Nothing that a provider wrote leaves here before its key was cut out of it.

export const faultCodes = [
  'provider_rate_limited',
  'provider_breaker_open',
  'provider_auth',
  'provider_bad_request',
  'provider_not_found',
  'provider_unavailable',
  'provider_stalled',
  'provider_broken_answer',
  'provider_empty_answer',
  'provider_output_too_large',
  'provider_content_refused',
  'provider_redirect',
  'provider_address_refused',
  'provider_key_unreadable',
] as const;
export type FaultCode = (typeof faultCodes)[number];

interface FaultFacts {
  /** The task's next attempt may fare better. */
  retryable: boolean;
  /** A fault of the service: enough of them in a row open the account's breaker. */
  breaks: boolean;
  /** `refused`: nothing runs until it is mended; `failing`: shown, and work goes on. */
  account: 'refused' | 'failing' | null;
}

const service: FaultFacts = { retryable: true, breaks: true, account: null };
const ours: FaultFacts = { retryable: false, breaks: false, account: 'failing' };

export const faultFacts: Readonly<Record<FaultCode, FaultFacts>> = {
  provider_rate_limited: { retryable: true, breaks: false, account: null },
  provider_breaker_open: { retryable: true, breaks: false, account: null },
  provider_auth: { ...ours, account: 'refused' },
  provider_key_unreadable: { ...ours, account: 'refused' },
  provider_bad_request: ours,
  provider_not_found: ours,
  provider_redirect: { ...ours, account: 'refused' },
  provider_address_refused: { ...ours, account: 'refused' },
  provider_unavailable: service,
  provider_stalled: service,
  provider_broken_answer: service,
  provider_empty_answer: { retryable: true, breaks: false, account: null },
  provider_output_too_large: { retryable: false, breaks: false, account: null },
  provider_content_refused: { retryable: false, breaks: false, account: null },
};

export class ProviderFault extends Error {
  readonly code: FaultCode;
  /** Seconds, of a 429 that said so. */
  readonly retryAfterSeconds: number | null;

  constructor(code: FaultCode, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.name = 'ProviderFault';
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get facts(): FaultFacts {
    return faultFacts[this.code];
  }
}

/** What stands where a secret stood. */
const REMOVED = '[removed]';
const LONGEST_MESSAGE = 600;

/** Cuts a key out of a text, as it is and as it may have been encoded on its way. */
export function redact(text: string, key: string | null): string {
  if (key === null || key.length < 6) return text;
  const forms = new Set([key, encodeURIComponent(key), Buffer.from(key).toString('base64'), Buffer.from(key).toString('base64url'), JSON.stringify(key).slice(1, -1)]);
  let clean = text;
  for (const form of forms) clean = clean.replaceAll(form, REMOVED);
  return clean;
}

/** What a provider said, in one line that can be shown: without the key, or anything that looks like one. */
export function quote(said: string, key: string | null): string {
  const line = redact(said, key)
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${REMOVED}`)
    .replace(/\b(sk|pk|rk|key|AIza|gsk|xai)[-_]?[\w*-]{12,}/g, REMOVED)
    .replace(/[\u0000-\u001f\u007f\s]+/g, ' ')
    .trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

const HOUR = 3_600;
/** Whatever a provider asks for, an account waits no longer than this. */
export const LONGEST_COOLING_SECONDS = HOUR;

/** Seconds of a Retry-After header, as seconds or as a date, at least one and at most an hour; null: it says nothing. */
export function parseRetryAfter(header: string | null | undefined, now: Date): number | null {
  const given = header?.trim();
  if (!given) return null;
  const seconds = /^\d+(\.\d+)?$/.test(given) ? Number(given) : (Date.parse(given) - now.getTime()) / 1000;
  // A number alone that is no date, such as -5, is read by Date.parse as a year: that is no time to wait for.
  if (!Number.isFinite(seconds) || given.startsWith('-')) return null;
  return Math.min(LONGEST_COOLING_SECONDS, Math.max(1, Math.ceil(seconds)));
}
