// From whatever the AI SDK or the network throws to one of our faults, with the provider's words where they help.
import { faultFacts, parseRetryAfter, ProviderFault, quote, type FaultCode } from './faults.ts';

/** What errors of the AI SDK carry; read by their shape, so that this needs none of its code. */
interface CallError {
  statusCode?: number;
  responseHeaders?: Record<string, string>;
  responseBody?: string;
  data?: unknown;
  message?: string;
  cause?: unknown;
}

const byStatus: Record<number, FaultCode> = {
  401: 'provider_auth',
  402: 'provider_auth',
  403: 'provider_auth',
  404: 'provider_not_found',
  408: 'provider_unavailable',
  425: 'provider_unavailable',
  429: 'provider_rate_limited',
};

/** What services call their errors in the middle of a stream, where there is no status. */
const byType: [RegExp, FaultCode][] = [
  [/rate.?limit|too.?many.?requests|resource.?exhausted|insufficient_quota/i, 'provider_rate_limited'],
  [/authentication|permission|unauthorized|invalid.?api.?key|unauthenticated/i, 'provider_auth'],
  [/overloaded|unavailable|api_error|server.?error|internal|timeout/i, 'provider_unavailable'],
  [/not.?found/i, 'provider_not_found'],
  [/invalid.?request|bad.?request|invalid.?argument|context.?length/i, 'provider_bad_request'],
];

const introductions: Partial<Record<FaultCode, string>> = {
  provider_rate_limited: 'Its rate is used up',
  provider_auth: 'It refuses the key',
  provider_not_found: 'It does not know the model or the address',
  provider_bad_request: 'It refuses the request',
  provider_unavailable: 'It failed on its side',
  provider_broken_answer: 'Its answer cannot be read',
};

const record = (value: unknown): Record<string, unknown> | null => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null);
const texts = (...values: unknown[]): string[] => values.filter((value): value is string => typeof value === 'string' && value !== '');

/** The words and the type in an error's body, in the shapes of the services. */
function readBody(body: unknown): { said: string; type: string } {
  const parsed = typeof body === 'string' ? parse(body) : body;
  const outer = record(Array.isArray(parsed) ? (parsed as unknown[])[0] : parsed);
  const inner = record(outer?.['error']) ?? outer;
  const said = texts(inner?.['message'], outer?.['message'], outer?.['error'], outer?.['detail'], typeof body === 'string' ? body : undefined)[0] ?? '';
  return { said, type: texts(inner?.['type'], inner?.['code'], inner?.['status'], outer?.['type']).join(' ') };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}

function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let at: unknown = error; at !== undefined && at !== null && chain.length < 8; at = record(at)?.['cause'] ?? record(at)?.['lastError']) chain.push(at);
  return chain;
}

function fault(code: FaultCode, said: string, more: { key: string | null; status?: number; retryAfter?: number | null }): ProviderFault {
  const words = quote(said, more.key);
  const status = more.status === undefined ? '' : ` (${more.status})`;
  const message = `${introductions[code] ?? 'It failed'}${status}${words === '' ? '.' : `: ${words}`}`;
  return new ProviderFault(code, /[.!?…]$/.test(message) ? message : `${message}.`, more.retryAfter ?? null);
}

/** The fault behind an error; never throws. */
export function toFault(error: unknown, key: string | null, now: Date): ProviderFault {
  const chain = causesOf(error);
  const own = chain.find((one): one is ProviderFault => one instanceof ProviderFault);
  if (own) return new ProviderFault(own.code, quote(own.message, key), own.retryAfterSeconds);
  const answered = chain.find((one) => typeof record(one)?.['statusCode'] === 'number') as CallError | undefined;
  if (answered) return fromAnswer(answered, key, now);
  // In the middle of a stream: an object or a text of the service itself.
  const { said, type } = readBody(record(error)?.['data'] ?? error);
  const known = byType.find(([pattern]) => pattern.test(type))?.[1];
  if (known) return fault(known, said, { key });
  const message = error instanceof Error ? error.message : said;
  return fault('provider_broken_answer', message, { key });
}

function fromAnswer(answered: CallError, key: string | null, now: Date): ProviderFault {
  const status = answered.statusCode!;
  const { said, type } = readBody(answered.responseBody ?? answered.data ?? '');
  const code = statusCode(status, type);
  // A page of HTML says nothing to whoever reads it.
  const words = /^\s*</.test(said) ? '' : said;
  const retryAfter = code === 'provider_rate_limited' ? parseRetryAfter(answered.responseHeaders?.['retry-after'], now) : null;
  return fault(code, words, { key, status, retryAfter });
}

function statusCode(status: number, type: string): FaultCode {
  // Google answers 400 to a key that it does not know.
  if (status === 400 && /api.?key.?(in|not.)valid/i.test(type)) return 'provider_auth';
  if (status >= 500) return 'provider_unavailable';
  // Read, and yet no answer: the SDK could make nothing of it.
  if (status < 400) return 'provider_broken_answer';
  return byStatus[status] ?? 'provider_bad_request';
}

export const fixes: Readonly<Record<FaultCode, string>> = {
  provider_rate_limited: 'Wait, or raise the limits of the account at the provider.',
  provider_breaker_open: 'Wait until it is probed again, or test it.',
  provider_auth: 'Make a new key at the provider and paste it here; check that it may use this model and is paid for.',
  provider_key_unreadable: 'Paste the key again: it was stored under another master key.',
  provider_bad_request: 'Read what it says; often the model’s name or the most output tokens do not fit.',
  provider_not_found: 'Check the address (most end in /v1) and the model’s name.',
  provider_unavailable: 'Check the address, and that the service is up; then test again.',
  provider_stalled: 'The service is too slow or hangs. Try another model, or allow more seconds without a byte.',
  provider_broken_answer: 'Check that the address is that of an API of this kind.',
  provider_empty_answer: 'The model wrote nothing. Try another one.',
  provider_output_too_large: 'Lower the most output tokens, or ask for less.',
  provider_content_refused: 'The provider’s filter stopped the answer. Put the task in other words.',
  provider_redirect: 'Enter the address that it points to, so that the key is sent only where you say.',
  provider_address_refused: 'Enter a public address, or ask the operator to allow private ones (SIGNALBOX_PROVIDER_ADDRESSES).',
};

/** Whether enough of these open the breaker. */
export const breaks = (error: unknown): boolean => error instanceof ProviderFault && faultFacts[error.code].breaks;
