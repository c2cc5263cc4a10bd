// The variables of the backend, checked once at the start. A wrong one is named in one clear line.
import { resolve } from 'node:path';
import { z } from 'zod';
import { billingPlan } from '../../shared/billing.ts';
import { AppError } from '../../shared/errors.ts';
import { parseMasterKey } from './vault.ts';

const postgresUrl = z
  .string()
  .regex(
    /^postgres(ql)?:\/\/\S+$/,
    'must be a PostgreSQL URL such as postgres://user:password@host:5432/database',
  );

const masterKey = z.string().transform((text, context) => {
  try {
    return parseMasterKey(text);
  } catch {
    context.addIssue({
      code: 'custom',
      message: 'must be 32 bytes in base64, as "openssl rand -base64 32" makes them',
    });
    return z.NEVER;
  }
});

const variables = z
  .object({
    PORT: z.coerce
      .number('must be a number')
      .int()
      .min(0)
      .max(65_535, 'must be a port from 0 to 65535')
      .default(4180),
    HOST: z.string().min(1).default('127.0.0.1'),
    DATABASE_URL: postgresUrl.optional(),
    SIGNALBOX_OWNER_DATABASE_URL: postgresUrl.optional(),
    SIGNALBOX_DATA_DIR: z.string().min(1).default('.signalbox'),
    SIGNALBOX_DEFAULT_PLAN: billingPlan.optional(),
    SIGNALBOX_MASTER_KEY: masterKey.optional(),
    SIGNALBOX_METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
    SIGNALBOX_LEASE_SECONDS: z.coerce
      .number('must be a number')
      .int()
      .min(1)
      .max(3600, 'must be 1 to 3600')
      .default(30),
    SIGNALBOX_PROVIDER_ADDRESSES: z.enum(['public', 'private', 'any'], 'must be public, private or any').optional(),
    LOG_LEVEL: z
      .enum(
        ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
        'must be trace, debug, info, warn, error, fatal or silent',
      )
      .default('info'),
  })
  .refine((given) => given.DATABASE_URL === undefined || given.SIGNALBOX_MASTER_KEY !== undefined, {
    path: ['SIGNALBOX_MASTER_KEY'],
    message:
      'is needed with DATABASE_URL: 32 bytes in base64, the same on every node, as "openssl rand -base64 32" makes them',
  })
  .refine((given) => given.SIGNALBOX_OWNER_DATABASE_URL === undefined || given.DATABASE_URL !== undefined, {
    path: ['DATABASE_URL'],
    message: 'is needed with SIGNALBOX_OWNER_DATABASE_URL',
  });

export type Config = ReturnType<typeof readConfig>;

/** Reads the variables; an empty one counts as absent. Throws with one line that names each wrong one. */
export function readConfig(environment: Record<string, string | undefined>, folder: string) {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new AppError('unavailable', `Wrong variables of the backend: ${wrong.join('; ')}.`);
  }
  const found = parsed.data;
  const embedded = found.DATABASE_URL === undefined;
  return {
    port: found.PORT,
    host: found.HOST,
    storage: embedded
      ? ({ kind: 'pglite', dataDir: resolve(folder, found.SIGNALBOX_DATA_DIR) } as const)
      : ({
          kind: 'postgres',
          url: found.DATABASE_URL!,
          ownerUrl: found.SIGNALBOX_OWNER_DATABASE_URL,
        } as const),
    masterKey: found.SIGNALBOX_MASTER_KEY,
    defaultPlan: found.SIGNALBOX_DEFAULT_PLAN ?? (embedded ? 'enterprise' : 'starter'),
    metricsToken: found.SIGNALBOX_METRICS_TOKEN,
    leaseSeconds: found.SIGNALBOX_LEASE_SECONDS,
    // A server reaches what its network lets it reach: a tenant's base URL is kept out of that unless the operator says so.
    providerAddresses: found.SIGNALBOX_PROVIDER_ADDRESSES ?? (embedded ? 'private' : 'public'),
    logLevel: found.LOG_LEVEL,
  };
}
