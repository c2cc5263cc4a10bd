// What every embedded database begins as.
import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { expect, inject, it } from 'vitest';

it('a database that is made from the template is alone, and can do what it must', async () => {
  const dump = new Blob([await readFile(inject('pgliteTemplate'))]);
  expect(dump.size).toBeLessThan(30_000_000);
  const pglite = new PGlite({ loadDataDir: dump });
  const { rows } = await pglite.query<{ datname: string }>('select datname from pg_database');
  expect(rows).toEqual([{ datname: 'postgres' }]);
  for (const needed of ['create role somebody', 'create schema theirs authorization somebody', 'vacuum full', 'checkpoint']) await pglite.exec(needed);
  await pglite.close();
});
