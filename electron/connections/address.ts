// What a person writes as a server's address, and whether a Signalbox answers there that this console can talk to.
import { AppError } from '../../shared/errors.ts';

const TIMEOUT_MS = 8_000;

export interface CheckParts {
  fetch: typeof fetch;
  /** Of this console. */
  version: string;
}

/** The origin that an address means: https, but on this computer itself. Throws an AppError that says what to write. */
export function readAddress(text: string): string {
  const written = text.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(written);
  const given = hasScheme ? written : `https://${written}`;
  if (!URL.canParse(given)) throw refused('This is no address. Write it like signalbox.example.com.');
  const url = new URL(given);
  const loopback = isLoopback(url.hostname);
  if (!hasScheme && loopback) url.protocol = 'http:';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refused(`An address begins with https://, not with ${url.protocol}//.`);
  }
  if (url.protocol === 'http:' && !loopback) {
    throw refused(
      'This address is not encrypted: passwords and keys could be read on the way. Use https://; plain http:// is ' +
        'for this computer alone.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('Leave the name and password out of the address. You sign in afterwards.');
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw refused(`Write the server alone, without a path: ${url.origin}`);
  }
  return url.origin;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Asks the server who it is and whether it is ready. Throws an AppError with what is wrong and what to do. */
export async function checkServer(url: string, parts: CheckParts): Promise<void> {
  const health = await ask(`${url}/health`, parts.fetch);
  const said = health.status === 200 ? await readJson(health) : null;
  if (said?.['status'] !== 'ok' || typeof said['version'] !== 'string') {
    throw refused(`${hostOf(url)} answers, but it is not a Signalbox server. Check the address and the port.`);
  }
  checkVersion(said['version'], parts.version);
  const ready = await ask(`${url}/ready`, parts.fetch);
  if (ready.status === 200) return;
  const problem = await readJson(ready);
  const reason = typeof problem?.['detail'] === 'string' ? problem['detail'].slice(0, 300) : 'It does not say why.';
  throw refused(`The server is there, but not ready: ${reason} Try again in a moment, or ask who runs it.`);
}

/** The first figure must be the same; before 1.0 the second too, as the contract may change with it. */
function checkVersion(server: string, own: string): void {
  const [theirs, ours] = [seriesOf(server), seriesOf(own)];
  if (theirs === null || ours === null || sameSeries(theirs, ours)) return;
  const newer = theirs[0] > ours[0] || (theirs[0] === ours[0] && theirs[1] > ours[1]);
  throw refused(
    newer
      ? `The server is Signalbox ${server}, this console is ${own}. Update the console.`
      : `The server is Signalbox ${server}, this console is ${own}. Ask who runs the server to update it.`,
  );
}

function seriesOf(version: string): [number, number] | null {
  const figures = /^(\d+)\.(\d+)\./.exec(version);
  return figures === null ? null : [Number(figures[1]), Number(figures[2])];
}

function sameSeries([a, b]: [number, number], [c, d]: [number, number]): boolean {
  return a === c && (a > 0 || b === d);
}

async function ask(address: string, fetcher: typeof fetch): Promise<Response> {
  try {
    const answer = await fetcher(address, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const elsewhere = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
    if (elsewhere === null) return answer;
    await answer.body?.cancel();
    throw refused(`This address sends on to ${originOf(elsewhere, address)}. If you trust that one, write it instead.`);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw refused(wordsOf(cause, hostOf(address)), cause);
  }
}

const certificates = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_SIGNATURE_FAILURE',
]);

function wordsOf(cause: unknown, host: string): string {
  const code = codeOf(cause);
  if (certificates.has(code)) {
    return `The certificate of ${host} is not one that this computer trusts. Ask who runs the server for one of a known authority.`;
  }
  switch (code) {
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return `The certificate of ${host} is not valid today. Check this computer’s clock, or tell who runs the server.`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate there belongs to another name than ${host}. Check the address.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no server with the name ${host}, or no network to ask. Check the address and your connection.`;
    case 'ECONNREFUSED':
      return `Nothing answers at ${host}. Check the port, and whether the server runs.`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `${host} does not speak HTTPS at this port. Check the port.`;
    default:
      return `${host} cannot be reached. Check the address, and your network, VPN or proxy.`;
  }
}

function codeOf(cause: unknown): string {
  for (let one: unknown = cause; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause) {
    const { code } = one as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return '';
}

async function readJson(answer: Response): Promise<Record<string, unknown> | null> {
  try {
    const text = await answer.text();
    const value: unknown = text.length > 100_000 ? null : JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function originOf(location: string, base: string): string {
  return URL.canParse(location, base) ? new URL(location, base).origin : 'another address';
}

function hostOf(address: string): string {
  return new URL(address).host;
}

function refused(message: string, cause?: unknown): AppError {
  const details = { fields: [{ path: 'address', message }] };
  return new AppError('validation_failed', message, cause === undefined ? { details } : { details, cause });
}
