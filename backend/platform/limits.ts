// Rate limits: counted in this process by a kept library; a node's share, not a cluster's total.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../shared/errors.ts';

export interface RateLimit {
  /** Requests within the window. */
  points: number;
  /** The window, in seconds. */
  seconds: number;
}

export interface RateLimiter {
  /** Counts one request of a key; throws `rate_limited` with `retryAfterSeconds` when there are too many. */
  take(key: string): Promise<void>;
}

export function createRateLimiter(limit: RateLimit): RateLimiter {
  const limiter = new RateLimiterMemory({ points: limit.points, duration: limit.seconds });
  return {
    async take(key) {
      try {
        await limiter.consume(key);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
        throw new AppError('rate_limited', `Too many requests. Try again in ${seconds} s.`, {
          details: { retryAfterSeconds: seconds },
        });
      }
    },
  };
}
