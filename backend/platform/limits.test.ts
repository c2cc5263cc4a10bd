import { describe, expect, it } from 'vitest';
import { createRateLimiter } from './limits.ts';

describe('a rate limit', () => {
  it('lets a key do so many, then says when to try again, and keeps keys apart', async () => {
    const limiter = createRateLimiter({ points: 2, seconds: 60 });
    await limiter.take('a');
    await limiter.take('a');
    const refused = await limiter.take('a').then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'rate_limited', status: 429 });
    const { retryAfterSeconds } = (refused as { details: { retryAfterSeconds: number } }).details;
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    await expect(limiter.take('b')).resolves.toBeUndefined();
  });
});
