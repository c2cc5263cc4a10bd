// Readiness: the database answers, and every schema in it is at this program's version.
import { AppError } from '../../shared/errors.ts';
import { row, sql, type Database } from './database.ts';

const TIMEOUT_MS = 2_000;

interface Found {
  platform: number;
  behind: number;
}

async function read(database: Database, tenantVersion: number): Promise<Found> {
  return (await row(
    database.app,
    sql<Found>`select
    (select max(version) from platform.migrations)::int as platform,
    (select count(*) from platform.tenants where schema_version <> ${tenantVersion})::int as behind`,
  ))!;
}

/** Throws `unavailable` with the reason. */
export async function checkReady(
  database: Database,
  versions: { platform: number; tenant: number },
): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), TIMEOUT_MS);
  let found: Found;
  try {
    found = await Promise.race([read(database, versions.tenant), late.promise]);
  } catch (cause) {
    throw new AppError('unavailable', 'The database does not answer.', { cause });
  } finally {
    clearTimeout(timer);
  }
  if (found.platform !== versions.platform || found.behind > 0) {
    throw new AppError(
      'unavailable',
      'The database is not at the version of this program. Run the migrations.',
      {
        details: { platform: found.platform, expected: versions.platform, tenantsBehind: found.behind },
      },
    );
  }
}
