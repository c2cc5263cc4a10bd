import { expect, test } from 'vitest';
import type { SessionStatus } from '../../shared/ipc.ts';
import { createFakeClock } from '../embedded/fake-clock.ts';
import { createLiveFollower } from './follow.ts';
import { createLiveHub } from './hub.ts';

function signedIn(organizationId: string): SessionStatus {
  const createdAt = '2025-06-01T08:00:00Z';
  const organization = { id: organizationId, name: 'Depot', role: 'owner' as const, createdAt };
  const user = { id: 'person', name: 'Ada', email: 'ada@example.com' };
  return { state: 'signed_in', me: { user, organization, organizations: [organization] }, remembered: true };
}

function setUp() {
  const log: string[] = [];
  const follower = createLiveFollower(
    {
      connect: (url, since) => log.push(`connect ${url} ${since ?? '-'}`),
      disconnect: () => log.push('disconnect'),
      wake: () => log.push('wake'),
    },
    createLiveHub(createFakeClock()),
  );
  return { log, follower };
}

test('connects when somebody is signed in and the backend is there, and not before', () => {
  const { log, follower } = setUp();
  follower.watch(7);
  follower.follow({ state: 'unknown' }, null);
  follower.follow({ state: 'unknown' }, 'http://a');
  expect(log).toEqual([]);
  follower.follow(signedIn('one'), 'http://a');
  expect(log.at(-1)).toBe('connect http://a 7');
});

test('a restart of the backend keeps the stream; another workspace gets one of its own', () => {
  const { log, follower } = setUp();
  follower.watch(7);
  follower.follow(signedIn('one'), 'http://a');
  log.length = 0;
  follower.follow(signedIn('one'), null);
  expect(log).toEqual([]);
  follower.follow(signedIn('one'), 'http://b');
  expect(log).toEqual(['connect http://b 7']);
  log.length = 0;
  follower.follow(signedIn('two'), 'http://b');
  expect(log).toEqual(['disconnect', 'connect http://b -']);
  log.length = 0;
  follower.follow({ state: 'signed_out', hint: null }, 'http://b');
  expect(log).toEqual(['disconnect']);
});
