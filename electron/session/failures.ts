// Why a backend does not answer, from what fetch throws or what answers in its place; and the words for it.
import type { Trouble } from '../../shared/backend-status.ts';

export const failureKinds = [
  'refused',
  'no_name',
  'no_network',
  'timeout',
  'certificate',
  'not_https',
  'cut',
  'maintenance',
  'gateway',
  'foreign',
  'unknown',
] as const;
export type FailureKind = (typeof failureKinds)[number];

export interface Failure {
  kind: FailureKind;
  /** Whether the request may have reached the backend, so that a change may have been made. */
  sent: boolean;
  /** What the backend itself says, such as in maintenance. */
  detail?: string;
}

const byCode: Record<string, [kind: FailureKind, sent: boolean]> = {
  ECONNREFUSED: ['refused', false],
  ENOTFOUND: ['no_name', false],
  EAI_AGAIN: ['no_name', false],
  ENETUNREACH: ['no_network', false],
  EHOSTUNREACH: ['no_network', false],
  ENETDOWN: ['no_network', false],
  EADDRNOTAVAIL: ['no_network', false],
  ETIMEDOUT: ['timeout', true],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', false],
  UND_ERR_HEADERS_TIMEOUT: ['timeout', true],
  UND_ERR_BODY_TIMEOUT: ['timeout', true],
  ECONNRESET: ['cut', true],
  EPIPE: ['cut', true],
  UND_ERR_SOCKET: ['cut', true],
  EPROTO: ['not_https', false],
};
const certificate = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|ERR_TLS_CERT_)/;
const notHttps = /^ERR_SSL_/;

/** Something before the backend answered in its place. */
export class AnsweredInstead extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(reasonOf(failure));
    this.failure = failure;
  }
}

/** What fetch, or whoever read its answer, threw. */
export function failureOf(cause: unknown): Failure {
  for (let one: unknown = cause, depth = 0; typeof one === 'object' && one !== null && depth < 8; depth += 1) {
    if (one instanceof AnsweredInstead) return one.failure;
    if (one instanceof SyntaxError) return { kind: 'foreign', sent: true };
    const { code, name, cause: next, errors } = one as { code?: unknown; name?: string; cause?: unknown; errors?: unknown[] };
    if (name === 'TimeoutError' || name === 'AbortError') return { kind: 'timeout', sent: true };
    if (typeof code === 'string') {
      const known = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
      if (known) return { kind: known[0], sent: known[1] };
      if (certificate.test(code)) return { kind: 'certificate', sent: false };
      if (notHttps.test(code)) return { kind: 'not_https', sent: false };
    }
    // Several addresses of one name were tried.
    one = next ?? errors?.[0];
  }
  return { kind: 'unknown', sent: true };
}

/** What an answer that is none of a backend's means; null: the status says nothing of the kind. */
export function failureOfStatus(status: number, detail?: string): Failure | null {
  const said = detail === undefined ? {} : { detail };
  if (status === 503) return { kind: 'maintenance', sent: false, ...said };
  if (status === 502 || status === 504) return { kind: 'gateway', sent: status === 504 };
  return null;
}

/** A sentence of what happens, for a message or after "The server is away: ". */
export function reasonOf({ kind, detail }: Failure): string {
  switch (kind) {
    case 'refused':
      return 'nothing answers at its address (the connection was refused)';
    case 'no_name':
      return 'its name cannot be looked up, or there is no network to ask';
    case 'no_network':
      return 'there is no way to it through the network';
    case 'timeout':
      return 'it does not answer in time';
    case 'certificate':
      return 'its certificate is not one that this computer trusts today';
    case 'not_https':
      return 'what answers there does not speak HTTPS';
    case 'cut':
      return 'the connection was cut off';
    case 'maintenance':
      return detail === undefined ? 'it says that it is not available now, as in maintenance' : `it says: ${detail}`;
    case 'gateway':
      return 'something before it answers, but does not reach it';
    case 'foreign':
      return 'what answers there is not a Signalbox server';
    case 'unknown':
      return 'it cannot be reached';
  }
}

/** What a person reads of a server that is away. */
export function troubleOf(failure: Failure, host: string): Trouble {
  const title = failure.kind === 'maintenance' ? 'The server is not available now' : 'The server cannot be reached';
  return {
    title,
    message: `${host} is away: ${reasonOf(failure)}.`,
    action: actionOf(failure.kind),
  };
}

function actionOf(kind: FailureKind): string {
  switch (kind) {
    case 'maintenance':
    case 'gateway':
      return 'Wait, or ask who runs the server.';
    case 'certificate':
      return 'Check this computer’s clock, or ask who runs the server for a certificate of a known authority.';
    case 'foreign':
      return 'Sign in to the network that you are in, or check the address.';
    case 'no_name':
    case 'no_network':
      return 'Check your network, VPN or proxy.';
    case 'not_https':
      return 'Check the address and the port.';
    default:
      return 'Check your network, and whether the server runs.';
  }
}
