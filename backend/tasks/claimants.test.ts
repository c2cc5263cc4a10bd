// The line of those who wait for work at a node.
import { expect, it } from 'vitest';
import type { Claim } from '../../shared/work.ts';
import { systemCaller } from '../platform/tenant-transaction.ts';
import { createClaimants, type Claimant } from './claimants.ts';

const claimant = (tenantId = 'tenant', agentId = 'agent'): Claimant => ({ tenantId, agentId, caller: systemCaller, leaseSeconds: 30 });
const claim = (token: string) => ({ lease: { token } }) as Claim;
const never = new Promise<void>(() => undefined);

it('gives to whoever waits for that agent of that tenant, the longest first', async () => {
  const claimants = createClaimants();
  const others = [claimants.wait(claimant('other'), never), claimants.wait(claimant('tenant', 'another'), never)];
  const first = claimants.wait(claimant(), never);
  const second = claimants.wait(claimant(), never);
  claimants.take('tenant', 'agent')!.give(claim('one'));
  claimants.take('tenant', 'agent')!.give(claim('two'));
  expect(await Promise.all([first, second])).toEqual([claim('one'), claim('two')]);
  expect(claimants.take('tenant', 'agent')).toBeUndefined();
  claimants.take('other', 'agent')!.give(claim('three'));
  claimants.take('tenant', 'another')!.give(claim('four'));
  expect(await Promise.all(others)).toEqual([claim('three'), claim('four')]);
});

it('stands where it stood once it is put back, and is given nothing twice', async () => {
  const claimants = createClaimants();
  const first = claimants.wait(claimant(), never);
  const second = claimants.wait(claimant(), never);
  const taken = claimants.take('tenant', 'agent')!;
  taken.putBack();
  taken.putBack();
  const again = claimants.take('tenant', 'agent')!;
  again.give(claim('one'));
  again.give(claim('nothing'));
  again.putBack();
  expect(await first).toEqual(claim('one'));
  claimants.take('tenant', 'agent')!.give(claim('two'));
  expect(await second).toEqual(claim('two'));
  expect(claimants.take('tenant', 'agent')).toBeUndefined();
});

it('leaves when its time is up, but not while something may still come of its being taken', async () => {
  const claimants = createClaimants();
  const leaving = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waited = claimants.wait(claimant(), promise);
    return { waited, resolve };
  };
  const gone = leaving();
  gone.resolve();
  expect(await gone.waited).toBeNull();
  expect(claimants.take('tenant', 'agent')).toBeUndefined();

  const given = leaving();
  const taken = claimants.take('tenant', 'agent')!;
  given.resolve();
  await Promise.resolve();
  taken.give(claim('late'));
  expect(await given.waited).toEqual(claim('late'));

  const back = leaving();
  const returned = claimants.take('tenant', 'agent')!;
  back.resolve();
  await Promise.resolve();
  returned.putBack();
  expect(await back.waited).toBeNull();
  expect(claimants.take('tenant', 'agent')).toBeUndefined();
});
