// A PostgreSQL connection for many short transactions: statements that say so are parsed and planned once, and those that
// are asked for at once go out together.
import type { Socket } from 'node:net';
import pg from 'pg';

/** Begins a statement that is prepared: parsed and planned once for a connection. */
export const KEPT = '/* kept */ ';
/** Kept statements of a connection: each holds its plan. */
const MOST_KEPT = 120;
/** `cached plan must not change result type`: a migration changed a table under a prepared statement. */
const STATEMENT_IS_STALE = '0A000';

type Answer = Promise<pg.QueryResult>;

export class KeepingClient extends pg.Client {
  /** The names under which statements are prepared. */
  readonly #names = new Map<string, string>();
  #prepares = 0;
  /** Those that were met by a migration: whoever tries again is not to meet the old plan. */
  readonly #stale = new Set<string>();
  #gathering = false;

  // The driver's own signature has a dozen forms; the dialect uses this one, and everything else goes past.
  override query(...given: unknown[]): never {
    const [text, values] = given;
    if (typeof text !== 'string' || given.length > 2) return this.#send(given) as never;
    return (Array.isArray(values) && values.length > 0 ? this.#prepared(text, values) : this.#send(given)) as never;
  }

  #send(given: unknown[]): unknown {
    this.#gather();
    return (super.query as (...given: unknown[]) => unknown)(...given);
  }

  /** What is asked for at once goes out in one write: each write is a call of the system, and wakes the server. */
  #gather(): void {
    const { stream } = (this as unknown as { connection: { stream: Socket } }).connection;
    if (this.#gathering) return;
    this.#gathering = true;
    stream.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  #prepared(text: string, values: unknown[]): Answer {
    const name = this.#nameOf(text);
    if (name === undefined) return this.#send([text, values]) as Answer;
    return (this.#send([{ name, text, values }]) as Answer).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === STATEMENT_IS_STALE) {
        this.#names.delete(text);
        this.#stale.add(text);
      }
      throw error;
    });
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (!text.startsWith(KEPT) || this.#names.size >= MOST_KEPT || this.#stale.has(text)) return undefined;
    this.#prepares += 1;
    const name = `s${this.#prepares}`;
    this.#names.set(text, name);
    return name;
  }
}
