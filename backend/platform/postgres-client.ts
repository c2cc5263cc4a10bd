// A PostgreSQL connection for many short transactions: statements that say so are parsed and planned once, and those that
// are asked for at once go out together.
import type { Socket } from 'node:net';
import pg from 'pg';

/** Begins a statement that is prepared: parsed and planned once for a connection. */
export const KEPT = '/* kept */ ';
/** Begins one whose plan is made anew every few seconds: which is best depends on how many rows a table has. */
export const KEPT_BRIEFLY = '/* kept briefly */ ';
const BRIEFLY_MS = 2_000;
/** Kept statements of a connection: each holds its plan. */
const MOST_KEPT = 120;
/** `cached plan must not change result type`: a migration changed a table under a prepared statement. */
const STATEMENT_IS_STALE = '0A000';

type Answer = Promise<pg.QueryResult>;

/** What the driver remembers of a connection's prepared statements. */
interface Wire {
  stream: Socket;
  parsedStatements: Record<string, string>;
}

interface Prepared {
  name: string;
  /** Of `performance.now()`. */
  until: number;
  /** How its rows are read: made with its first answer. */
  shape?: Shape;
}

/** What the driver makes anew of the description of each answer: 60 µs for a task's fifty columns. */
interface Shape {
  fields: unknown;
  _parsers: unknown;
  _prebuiltEmptyResultObject: unknown;
}
type Result = Shape & { addFields(descriptions: unknown): void };

/** Has the rows of a statement read as those of its answers before. */
function keepShape(query: pg.Query, prepared: Prepared): pg.Query {
  const { _result: result } = query as unknown as { _result: Result };
  const addFields = result.addFields.bind(result);
  result.addFields = (descriptions) => {
    if (prepared.shape) return void Object.assign(result, prepared.shape);
    addFields(descriptions);
    const { fields, _parsers, _prebuiltEmptyResultObject } = result;
    prepared.shape = { fields, _parsers, _prebuiltEmptyResultObject };
  };
  return query;
}

export class KeepingClient extends pg.Client {
  readonly #kept = new Map<string, Prepared>();
  #prepares = 0;
  /** Those that were met by a migration: whoever tries again is not to meet the old plan. */
  readonly #stale = new Set<string>();
  #gathering = false;

  get #wire(): Wire {
    return (this as unknown as { connection: Wire }).connection;
  }

  // The driver's own signature has a dozen forms; the dialect uses this one, and everything else goes past.
  override query(...given: unknown[]): never {
    const [text, values] = given;
    if (typeof text !== 'string' || given.length > 2) return this.#send(given) as never;
    return (Array.isArray(values) ? this.#prepared(text, values) : this.#send(given)) as never;
  }

  #send(given: unknown[]): unknown {
    const answer = (super.query as (...given: unknown[]) => unknown)(...given);
    this.#gather();
    return answer;
  }

  /**
   * What is asked for at once goes out in two writes: each is a call of the system, and wakes the server. The first statement
   * goes by itself, so that the server is at it while the others are being composed: a tenth less from creation to start.
   */
  #gather(): void {
    const { stream } = this.#wire;
    if (this.#gathering) return;
    this.#gathering = true;
    stream.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  #prepared(text: string, values: unknown[]): Answer {
    const prepared = this.#preparedOf(text);
    // Without values it may be one of several in a text.
    if (prepared === undefined) return this.#send(values.length > 0 ? [text, values] : [text]) as Answer;
    return this.#execute(text, values, prepared).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === STATEMENT_IS_STALE) {
        this.#kept.delete(text);
        this.#stale.add(text);
      }
      throw error;
    });
  }

  /** The query is made here: of a description of one the driver makes a copy, property by property. */
  #execute(text: string, values: unknown[], prepared: Prepared): Answer {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result: pg.QueryResult) => (error ? reject(error) : resolve(result));
      this.#send([Object.assign(keepShape(new pg.Query(text, values), prepared), { name: prepared.name, callback: done })]);
    });
  }

  #preparedOf(text: string): Prepared | undefined {
    const known = this.#kept.get(text);
    const now = performance.now();
    if (known !== undefined && now < known.until) return known;
    const briefly = text.startsWith(KEPT_BRIEFLY);
    if ((!briefly && !text.startsWith(KEPT)) || this.#stale.has(text)) return undefined;
    if (known !== undefined) this.#drop(text, known);
    else if (this.#kept.size >= MOST_KEPT) for (const [old, prepared] of this.#kept) if (prepared.until <= now) this.#drop(old, prepared);
    if (this.#kept.size >= MOST_KEPT) return undefined;
    this.#prepares += 1;
    const prepared = { name: `s${this.#prepares}`, until: briefly ? now + BRIEFLY_MS : Number.POSITIVE_INFINITY };
    this.#kept.set(text, prepared);
    return prepared;
  }

  /** In a transaction that has failed the server refuses it, and keeps the plan until the connection is recycled. */
  #drop(text: string, { name }: Prepared): void {
    this.#kept.delete(text);
    delete this.#wire.parsedStatements[name];
    (this.#send([`deallocate ${name}`]) as Answer).catch(() => undefined);
  }
}
