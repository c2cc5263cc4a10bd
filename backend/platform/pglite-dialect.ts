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

/** Told when the database can do no more work in this process, before anything else is asked of it. */
export type OnBroken = (error: unknown) => void;

/**
 * After these PGlite is not to be asked again: it spins for ever where PostgreSQL would end itself. Measured with a
 * full disk: the statement that met it fails in order, the next one never returns and blocks the whole process.
 */
export function isBroken(error: unknown): boolean {
  const { code, name, message = '' } = (error ?? {}) as { code?: unknown; name?: string; message?: string };
  // disk_full and io_error.
  if (code === '53100' || code === '58030') return true;
  // RuntimeError: WebAssembly was aborted.
  return name === 'RuntimeError' || /No space left on device|ENOSPC|EDQUOT|EROFS|\bEIO\b/.test(message);
}

function createConnection(pglite: PGlite, onBroken: OnBroken): DatabaseConnection {
  const ask = async <Row>(query: CompiledQuery) => {
    try {
      return await pglite.query<Row>(query.sql, [...query.parameters]);
    } catch (error) {
      if (isBroken(error)) onBroken(error);
      throw error;
    }
  };
  return {
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      const { rows, affectedRows } = await ask<Row>(query);
      return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
    },
    // oxlint-disable-next-line require-yield -- the interface asks for a generator, PGlite has no cursors
    async *streamQuery() {
      throw new Error('PGlite has no streaming; read in pages.');
    },
  };
}

function createDriver(pglite: PGlite, onBroken: OnBroken): Driver {
  const lock = createMutex();
  const connection = createConnection(pglite, onBroken);
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
export function createPGliteDialect(pglite: PGlite, onBroken: OnBroken = () => undefined): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(pglite, onBroken),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
