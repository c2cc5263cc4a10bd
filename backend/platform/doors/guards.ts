// Who may knock at all: the names of this machine when embedded, and the metrics' reader.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../shared/errors.ts';

const LOCAL_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;
const LOCAL_ADDRESS = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/** Whether a Host header names this machine. */
export function isLocalHost(host: string | undefined): boolean {
  return host !== undefined && LOCAL_HOST.test(host);
}

/** Against DNS rebinding: a page whose name was pointed at 127.0.0.1 comes with its own name. */
export async function refuseForeignHost(request: FastifyRequest): Promise<void> {
  if (isLocalHost(request.headers.host)) return;
  throw new AppError('forbidden', 'This backend answers only as 127.0.0.1, localhost or [::1].');
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/**
 * Throws unless the metrics may be read: on this machine when embedded, otherwise by the operator's token
 * alone.
 */
export function mayReadMetrics(
  request: FastifyRequest,
  settings: { embedded: boolean; metricsToken?: string | undefined },
): void {
  if (settings.embedded && LOCAL_ADDRESS.test(request.ip)) return;
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const { metricsToken } = settings;
  if (metricsToken === undefined) {
    throw new AppError(
      'unauthenticated',
      'The metrics are closed. Set SIGNALBOX_METRICS_TOKEN to open them to a bearer of it.',
    );
  }
  if (bearer === undefined || !sameText(bearer, metricsToken)) {
    throw new AppError('unauthenticated', 'Send the metrics token as "Authorization: Bearer <token>".');
  }
}
