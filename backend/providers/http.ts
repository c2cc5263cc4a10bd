// How provider accounts are called: a fetch for the AI SDK that goes only where it may, follows no redirect (the key
// would go along), and stops reading an answer that does not end.
import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { checkHost, guardedLookup, type AddressPolicy } from './addresses.ts';
import { ProviderFault } from './faults.ts';

export interface CallOptions {
  policy: AddressPolicy;
  /** What a good answer must be; another one is no answer of such a service. */
  expect: 'text/event-stream' | 'application/json';
  /** Told of every piece that arrives, so that a stall is noticed. */
  onBytes?: (() => void) | undefined;
}

/** Of one answer: a megabyte of text comes in so many pieces that its stream is several times as large. */
const MOST_BYTES = 32_000_000;
const NO_BODY = new Set([204, 205, 304]);

type Fetch = typeof globalThis.fetch;

/** The causes of failed connections in words; what is not here is said by its code. */
const causes: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'it did not answer in time',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another name',
  EPROTO: 'it does not speak TLS there',
};

function unreachable(url: URL, error: NodeJS.ErrnoException): ProviderFault {
  // A name with several addresses fails with one error of them all.
  const code = error.code ?? (error as { errors?: NodeJS.ErrnoException[] }).errors?.[0]?.code ?? '';
  const cause = causes[code] ?? (code.startsWith('HPE_') ? 'what it answers is no HTTP' : `the connection failed${code === '' ? '' : ` (${code})`}`);
  return new ProviderFault('provider_unavailable', `${url.host} could not be reached: ${cause}.`);
}

function asFault(url: URL, error: unknown): unknown {
  if (error instanceof ProviderFault) return error;
  return (error as Error).name === 'AbortError' ? error : unreachable(url, error as NodeJS.ErrnoException);
}

export function createCall(options: CallOptions): Fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    checkHost(url.hostname, options.policy);
    const signal = init?.signal ?? undefined;
    signal?.throwIfAborted();
    const answer = await send(url, init, options);
    const status = answer.statusCode ?? 0;
    if (status >= 300 && status < 400) {
      answer.destroy();
      const to = URL.parse(answer.headers.location ?? '', url.href);
      throw new ProviderFault('provider_redirect', `${url.host} answers that it is elsewhere${to ? ` (${to.origin})` : ''}. The key was not sent there; enter the address itself.`);
    }
    if (status < 200 || status > 599) {
      answer.destroy();
      throw new ProviderFault('provider_broken_answer', `${url.host} answered with the status ${status}.`);
    }
    const type = answer.headers['content-type'] ?? '';
    if (status === 200 && !type.toLowerCase().startsWith(options.expect)) {
      answer.destroy();
      const shown = type === '' ? 'without a type' : `as ${type.slice(0, 80)}`;
      throw new ProviderFault('provider_broken_answer', `${url.host} answered ${shown}, not as ${options.expect}. Check that the address is that of the API.`);
    }
    const body = NO_BODY.has(status) ? null : bodyOf(answer, url, options);
    return new Response(body, { status, headers: headersOf(answer) });
  };
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

function send(url: URL, init: RequestInit | undefined, options: CallOptions): Promise<IncomingMessage> {
  const headers = Object.fromEntries(new Headers(init?.headers));
  const body = typeof init?.body === 'string' ? init.body : undefined;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const given: RequestOptions = {
    method: init?.method ?? 'GET',
    headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
    lookup: guardedLookup(options.policy),
    // Connections are not kept: one that went stale would look like a provider that failed.
    agent: false,
    ...(init?.signal && { signal: init.signal }),
  };
  const request = (url.protocol === 'https:' ? secureRequest : plainRequest)(url, given, resolve);
  // An answer to an upgrade that nobody asked for has no body to read.
  request.on('upgrade', (_answer, socket) => {
    socket.destroy();
    reject(new ProviderFault('provider_broken_answer', `${url.host} answered with an upgrade to another protocol.`));
  });
  request.on('error', (error) => reject(asFault(url, error)));
  request.end(body);
  return promise;
}

function bodyOf(answer: IncomingMessage, url: URL, { onBytes }: CallOptions): ReadableStream<Uint8Array> {
  let read = 0;
  const pieces = answer[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done) return controller.close();
        onBytes?.();
        read += value.length;
        if (read > MOST_BYTES) {
          answer.destroy();
          throw new ProviderFault('provider_output_too_large', `${url.host} sends an answer that does not end; it was left after ${MOST_BYTES / 1_000_000} MB.`);
        }
        controller.enqueue(value);
      } catch (error) {
        controller.error(asFault(url, error));
      }
    },
    cancel() {
      answer.destroy();
    },
  });
}
