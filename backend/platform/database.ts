// The database: one interface over PGlite (embedded) and PostgreSQL (server). Only this folder names a driver.
import { Kysely, PostgresDialect, sql, type CompiledQuery, type LogEvent, type QueryExecutorProvider, type RawBuilder, type Transaction } from 'kysely';
import pg from 'pg';
import { createPGliteDialect, type OnBroken } from './pglite-dialect.ts';
import { KEPT, KEPT_BRIEFLY, KeepingClient } from './postgres-client.ts';
import { sqlState } from './sql-state.ts';
import { createTransact, type Transact } from './transact.ts';
import { createTurns, type Turns } from './turns.ts';
import type { PGlite } from '@electric-sql/pglite';

export { sql };
export type { OnBroken };
export type { Transaction };
export type Statement = RawBuilder<unknown>;
/** Whatever statements run on: the pool, or a transaction. */
export type Queryable = QueryExecutorProvider;

export interface Database {
  dialect: 'pglite' | 'postgres';
  /** The application's login, which owns nothing. */
  app: Kysely<unknown>;
  /** Runs `work` in a transaction of the application's login. */
  transact: Transact;
  /** Runs `work` in a transaction of the login that migrates and provisions. */
  asOwner<Result>(work: (tx: Transaction<unknown>) => Promise<Result>): Promise<Result>;
  /** Notifications that were committed on a channel; the answer stops listening. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  /** How tenants share the application's connections. */
  turns: Turns;
  /** The application's connections: in use now, requests that wait for one, and how many there may be. */
  connections(): { used: number; waiting: number; limit: number };
  close(): Promise<void>;
}

/** The rows of a statement. */
export async function rows<Row>(db: Queryable, statement: RawBuilder<Row>): Promise<Row[]> {
  return (await statement.execute(db)).rows;
}

/** The only row of a statement, or undefined. */
export async function row<Row>(db: Queryable, statement: RawBuilder<Row>): Promise<Row | undefined> {
  return (await rows(db, statement))[0];
}

/**
 * A statement that is planned once for a connection, and not each time: for those whose best plan does not depend on how
 * many rows a table has (inserts of given rows, one row by its key). Any other would be run for ever as was best for the
 * table that it met first: a drain fell from 915 to 241 tasks a second.
 */
export function kept<Row>(statement: RawBuilder<Row>): RawBuilder<Row> {
  return sql<Row>`${sql.raw(KEPT)}${statement}`;
}

/**
 * A statement whose plan is kept for two seconds: for those that are asked for all the time and whose best plan does depend
 * on a table's size. A limit in it is written out, not a value: without knowing it PostgreSQL plans for a tenth of the table.
 */
export function keptBriefly<Row>(statement: RawBuilder<Row>): RawBuilder<Row> {
  return sql<Row>`${sql.raw(KEPT_BRIEFLY)}${statement}`;
}

/** Stands where a value of a fixed statement goes. */
class Place {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** The values of a fixed statement by their names, to be written where they go. */
export type Places<Values> = Record<keyof Values & string, Statement>;

/**
 * A statement whose text is made once and whose values are given by their names: composed anew each time, one of twenty
 * values takes a node as long (0.1 ms) as the database needs for it.
 */
export function fixed<Values extends object, Row = unknown>(build: (at: Places<Values>) => RawBuilder<Row>) {
  let made: CompiledQuery<Row> | undefined;
  const places = new Proxy({}, { get: (_, name) => sql`${new Place(String(name))}` }) as Places<Values>;
  return async (db: Queryable, values: Values): Promise<Row[]> => {
    made ??= build(places).compile(db);
    const valueOf = (value: unknown): unknown => (value instanceof Place ? values[value.name as keyof Values] : value);
    return (await db.getExecutor().executeQuery<Row>({ ...made, parameters: made.parameters.map(valueOf) })).rows;
  };
}

/** A value for a jsonb column: both drivers take the text as it is. */
export function jsonb(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::jsonb`;
}

/** Whether a statement was refused by the unique index of that name. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== '23505') return false;
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint;
}

/** Told the duration of each statement of the application, in seconds. */
export type OnQuery = (seconds: number) => void;

function observed(onQuery: OnQuery | undefined) {
  return onQuery && { log: (event: LogEvent) => onQuery(event.queryDurationMillis / 1000) };
}

/** Embedded: session_user is PGlite's superuser; the session's role is the application's. */
export function createPGliteDatabase(pglite: PGlite, onQuery?: OnQuery, onBroken?: OnBroken): Database {
  const app = new Kysely<unknown>({ dialect: createPGliteDialect(pglite, onBroken), ...observed(onQuery) });
  const turns = createTurns(1);
  return {
    dialect: 'pglite',
    app,
    transact: createTransact(app),
    asOwner: (work) =>
      app.transaction().execute(async (tx) => {
        await sql`set local role none`.execute(tx);
        return work(tx);
      }),
    async listen(channel, heard) {
      const stop = await pglite.listen(channel, heard);
      return () => stop();
    },
    turns,
    // One connection, which statements take in turn.
    connections: () => ({ used: 1, waiting: turns.waiting(), limit: 1 }),
    close: () => pglite.close(),
  };
}

// Counters and sequence numbers stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const parseTime = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date | number;
/** A time in UTC, as all are that a session of UTC answers: the engine's own reading is quicker than the driver's. */
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text: string) =>
  text[10] === ' ' && text.endsWith('+00') ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : parseTime(text),
);

export interface PostgresOptions {
  url: string;
  ownerUrl: string;
  /** Connections of the pool; each that has touched many tenants holds memory, so they are recycled. */
  poolSize?: number;
  onError: (error: Error) => void;
  onQuery?: OnQuery | undefined;
}

/** How long a connection is waited for. */
const PATIENCE_MS = 10_000;

function createPool(url: string, max: number, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    Client: KeepingClient,
    pipeline: true,
    connectionString: url,
    max,
    maxUses: 7_500,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: PATIENCE_MS,
    application_name: 'signalbox',
  });
  // An idle connection that breaks is replaced; without a listener it would end the process. The driver hangs its client
  // on the error, with the key that cancels what runs on the connection: nothing for a log.
  pool.on('error', (error) => {
    delete (error as { client?: unknown }).client;
    onError(error);
  });
  return pool;
}

/** A LISTEN connection of its own, opened again when it breaks. */
async function listenOn(options: PostgresOptions, channel: string, heard: (payload: string) => void) {
  let stopped = false;
  let client: pg.Client | undefined;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: options.url, application_name: 'signalbox-listen' });
    next.on('notification', (message) => heard(message.payload ?? ''));
    next.on('error', options.onError);
    next.on('end', () => {
      if (!stopped) setTimeout(() => void connect().catch(options.onError), 1_000);
    });
    await next.connect();
    await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    client = next;
  };
  await connect();
  return async () => {
    stopped = true;
    await client?.end();
  };
}

export function createPostgresDatabase(options: PostgresOptions): Database {
  const limit = options.poolSize ?? 10;
  const appPool = createPool(options.url, limit, options.onError);
  const turns = createTurns(limit, PATIENCE_MS);
  const ownerPool = createPool(options.ownerUrl, 2, options.onError);
  const app = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: appPool }), ...observed(options.onQuery) });
  const owner = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: ownerPool }) });
  return {
    dialect: 'postgres',
    app,
    transact: createTransact(app),
    asOwner: (work) => owner.transaction().execute(work),
    listen: (channel, heard) => listenOn(options, channel, heard),
    turns,
    connections: () => ({ used: appPool.totalCount - appPool.idleCount, waiting: appPool.waitingCount + turns.waiting(), limit }),
    async close() {
      await Promise.all([app.destroy(), owner.destroy()]);
    },
  };
}
