import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const key = randomBytes(32);
const server = {
  DATABASE_URL: 'postgres://app@localhost/signalbox',
  SIGNALBOX_MASTER_KEY: key.toString('base64'),
};

describe('the variables of the backend', () => {
  it('means an embedded database in ./.signalbox on 127.0.0.1:4180 when nothing is set, or set to nothing', () => {
    expect(readConfig({ PORT: '', LOG_LEVEL: '' }, '/srv')).toMatchObject({
      port: 4180,
      host: '127.0.0.1',
      storage: { kind: 'pglite', dataDir: '/srv/.signalbox' },
      defaultPlan: 'enterprise',
      leaseSeconds: 30,
      logLevel: 'info',
    });
  });

  it('starts new organisations of a server on the starter plan', () => {
    const config = readConfig(server, '/srv');
    expect(config).toMatchObject({
      storage: { kind: 'postgres', url: server.DATABASE_URL },
      defaultPlan: 'starter',
    });
    expect(config.masterKey).toEqual(key);
    expect(readConfig({ ...server, SIGNALBOX_DEFAULT_PLAN: 'professional' }, '/srv').defaultPlan).toBe(
      'professional',
    );
  });

  it.each([
    ['PORT', { PORT: '70000' }],
    ['PORT', { PORT: 'http' }],
    ['DATABASE_URL', { ...server, DATABASE_URL: 'mysql://x' }],
    ['SIGNALBOX_MASTER_KEY', { DATABASE_URL: server.DATABASE_URL }],
    ['SIGNALBOX_MASTER_KEY', { ...server, SIGNALBOX_MASTER_KEY: 'c2hvcnQ=' }],
    ['SIGNALBOX_DEFAULT_PLAN', { SIGNALBOX_DEFAULT_PLAN: 'gold' }],
    ['SIGNALBOX_METRICS_TOKEN', { SIGNALBOX_METRICS_TOKEN: 'x' }],
    ['SIGNALBOX_LEASE_SECONDS', { SIGNALBOX_LEASE_SECONDS: '0' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['DATABASE_URL', { SIGNALBOX_OWNER_DATABASE_URL: server.DATABASE_URL }],
  ])('names %s in one line when it is wrong (%#)', (name, environment) => {
    expect(() => readConfig(environment, '/srv')).toThrow(name);
    expect(() => readConfig(environment, '/srv')).not.toThrow('\n');
  });

  it('never repeats a secret that is wrong', () => {
    expect(() => readConfig({ ...server, SIGNALBOX_MASTER_KEY: 'my-secret-key' }, '/srv')).not.toThrow(
      'my-secret-key',
    );
  });
});
