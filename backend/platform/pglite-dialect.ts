// Kysely over PGlite. Its one connection is lent to one caller at a time: Kysely's own PGlite driver lends it
// to all at once, so that two concurrent transactions would overwrite each other's commit.
import type { PGlite } from '@electric-sql/pglite';
import {
  CompiledQuery,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';

/** A queue of one: who asks first goes first. */
export function createMutex(): () => Promise<() => void> {
  let tail = Promise.resolve();
  return () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const turn = tail.then(() => resolve);
    tail = tail.then(() => promise);
    return turn;
  };
}

function createConnection(pglite: PGlite): DatabaseConnection {
  return {
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      const { rows, affectedRows } = await pglite.query<Row>(query.sql, [...query.parameters]);
      return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
    },
    // oxlint-disable-next-line require-yield -- the interface asks for a generator, PGlite has no cursors
    async *streamQuery() {
      throw new Error('PGlite has no streaming; read in pages.');
    },
  };
}

function createDriver(pglite: PGlite): Driver {
  const lock = createMutex();
  const connection = createConnection(pglite);
  let release: (() => void) | undefined;
  const run = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql));
  return {
    init: () => pglite.waitReady,
    async acquireConnection() {
      release = await lock();
      return connection;
    },
    async beginTransaction() {
      await run('begin');
    },
    async commitTransaction() {
      await run('commit');
    },
    async rollbackTransaction() {
      await run('rollback');
    },
    async releaseConnection() {
      const free = release;
      release = undefined;
      free?.();
    },
    // The database that opened PGlite closes it.
    destroy: () => Promise.resolve(),
  };
}

/** A dialect for an opened PGlite; whoever opened it closes it. */
export function createPGliteDialect(pglite: PGlite): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(pglite),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
