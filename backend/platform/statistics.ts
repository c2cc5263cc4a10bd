// What the planner knows of the tables' sizes. PGlite has no process that looks after it, so the embedded backend does:
// without it the first page of 100,000 failed tasks was sorted anew at each look (500 ms; 27 after it, measured).
import { rows, sql, type Database } from './database.ts';
import { pause } from './clock.ts';
import type { Log } from './log.ts';
import { identifier } from './migrations.ts';
import type { Tenants } from './tenants.ts';

const EVERY_MS = 60_000;
/** A table is looked at again when it has grown or shrunk by a fifth, and by a hundred pages at the least. */
const SHARE = 0.2;
const LEAST_BYTES = 100 * 8_192;

interface Parts {
  database: Database;
  tenants: Tenants;
  log: Log;
}

export interface Statistics {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** One round; answers the tables that were looked at. */
  round(): Promise<string[]>;
}

export function createStatistics({ database, tenants, log }: Parts): Statistics {
  const stopped = new AbortController();
  const known = new Map<string, number>();
  let loop: Promise<void> = Promise.resolve();

  async function round(): Promise<string[]> {
    const done: string[] = [];
    for (const { schema } of await tenants.all()) {
      const tables = await database.asOwner((tx) =>
        rows(tx, sql<{ name: string; bytes: number }>`
          select c.relname as name, pg_relation_size(c.oid)::float8 as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = ${schema} and c.relkind = 'r' order by 1`),
      );
      for (const { name, bytes } of tables) {
        const table = `${schema}.${name}`;
        const before = known.get(table) ?? 0;
        if (stopped.signal.aborted) return done;
        if (Math.abs(bytes - before) < Math.max(LEAST_BYTES, before * SHARE)) continue;
        // A statement of its own: others have the one connection in between.
        await database.asOwner((tx) => sql.raw(`analyze ${identifier(schema)}.${identifier(name)}`).execute(tx));
        known.set(table, bytes);
        done.push(table);
      }
    }
    return done;
  }

  async function work(): Promise<void> {
    // Not beside a start, which has enough to do.
    await pause(EVERY_MS, stopped.signal);
    while (!stopped.signal.aborted) {
      await round().catch((error: unknown) => log.warn({ err: error }, 'the sizes of tables could not be looked at'));
      await pause(EVERY_MS, stopped.signal);
    }
  }

  return {
    round,
    start: async () => void (loop = work()),
    async stop() {
      stopped.abort();
      await loop;
    },
  };
}
