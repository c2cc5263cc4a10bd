// Opens the copy that was read back from a backup as a database and compares: migrations, the rows of every table,
// and the chain of every audit log.
import { verifyAudit } from '../audit/index.ts';
import { rows, sql, type Transaction } from '../platform/database.ts';
import { openCopy } from '../platform/storage.ts';
import { createRunInTenant, systemCaller } from '../platform/tenant-transaction.ts';
import type { Tenant } from '../platform/tenants.ts';
import type { Stored } from './contents.ts';
import { difference, readFacts } from './facts.ts';
import { notProved } from './problems.ts';

/** Throws unless the database at `folder` is what the backup says. `also` runs in it last, as its owner. */
export async function checkCopy(
  folder: string,
  contents: Stored,
  also: (tx: Transaction<unknown>) => Promise<void> = async () => {},
): Promise<void> {
  const { database, appLogin } = await openCopy(folder);
  try {
    const wrong = difference(contents.facts, await database.asOwner(readFacts));
    if (wrong !== null) throw notProved(wrong);
    const runInTenant = createRunInTenant(database, appLogin);
    const tenants = await database.asOwner((tx) =>
      rows(tx, sql<Tenant>`select id, schema_name as schema, role_name as role from platform.tenants order by id`),
    );
    for (const tenant of tenants) {
      const verdict = await runInTenant(tenant, systemCaller, verifyAudit);
      if (!verdict.holds) throw notProved(`the audit log of a workspace does not hold at entry ${verdict.seq}, ${verdict.reason}`);
    }
    await database.asOwner(also);
  } finally {
    await database.close();
  }
}
