// Whether a master key is the one that this database was used with. With another one the credentials in the vault
// would be unreadable, and new ones would be sealed so that neither key opens everything.
import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { row, sql, type Database } from './database.ts';
import { deriveKey } from './vault.ts';

interface Known {
  key_check: string | null;
  used: boolean;
}

async function read(database: Database): Promise<Known> {
  return (await row(database.app, sql<Known>`
    select key_check, exists (select 1 from platform.tenants) as used from platform.installation`))!;
}

const checkOf = (key: Uint8Array): string => createHash('sha256').update(deriveKey(key, 'key-check')).digest('hex');

/** True while nothing was sealed yet, so that a key may still be made. */
export async function mayMakeKey(database: Database): Promise<boolean> {
  const { key_check: known, used } = await read(database);
  return known === null && !used;
}

/** Throws `key_wrong` for a key other than the one before; the first one is noted. */
export async function checkMasterKey(database: Database, key: Uint8Array): Promise<void> {
  const { key_check: known } = await read(database);
  const check = checkOf(key);
  if (known === check) return;
  if (known === null) return noteMasterKey(database, key);
  throw new AppError(
    'unavailable',
    'This master key is not the one that the database was used with. Nothing was changed. Give the right one, as it is ' +
      'in a backup of this workspace.',
    { details: { reason: 'key_wrong' } },
  );
}

/** From now on this is the key: on first use, and after everything was sealed anew under it. */
export async function noteMasterKey(database: Database, key: Uint8Array): Promise<void> {
  await database.asOwner((tx) => sql`update platform.installation set key_check = ${checkOf(key)}`.execute(tx));
}

/** No key is there, and one that was made now would open nothing of what is there. */
export function keyMissing(where: string): AppError {
  return new AppError(
    'unavailable',
    `The master key of this database is missing: ${where} is not there. No new key was made, because it would open ` +
      'nothing of what is stored. Give the key from a backup, or put the file back.',
    { details: { reason: 'key_missing' } },
  );
}
