// A PostgreSQL connection for many short transactions: statements that come again are parsed once, and a BEGIN goes out
// with the statement after it.
import pg from 'pg';

/** Times that a connection sees a statement before it prepares it: most lists are asked for once or twice. */
const PREPARED_AFTER = 3;
/** Prepared statements of a connection: each holds its parsed text. They are planned each time (database.ts). */
const MOST_PREPARED = 120;
const MOST_COUNTED = 2_000;
/** `cached plan must not change result type`: a migration changed a table under a prepared statement. */
const STATEMENT_IS_STALE = '0A000';

type Answer = Promise<pg.QueryResult>;

export class PreparingClient extends pg.Client {
  /** Statements by how often they were seen; those of a name are prepared under it. */
  readonly #seen = new Map<string, number>();
  readonly #names = new Map<string, string>();
  #prepares = 0;
  #begin = false;

  // The driver's own signature has a dozen forms; the dialect uses this one, and everything else goes past.
  override query(...given: unknown[]): never {
    const [text, values] = given;
    if (typeof text !== 'string' || given.length > 2) return this.#send(given) as never;
    if (text === 'begin') {
      this.#begin = true;
      return Promise.resolve({ command: 'BEGIN', rowCount: 0, oid: 0, fields: [], rows: [] }) as never;
    }
    const begun = this.#begin ? (this.#send(['begin']) as Answer) : undefined;
    this.#begin = false;
    const answer = Array.isArray(values) && values.length > 0 ? this.#prepared(text, values) : (this.#send(given) as Answer);
    // Should the BEGIN fail, so does what was sent with it.
    return (begun === undefined ? answer : Promise.all([answer, begun]).then(([first]) => first)) as never;
  }

  #send(given: unknown[]): unknown {
    return (super.query as (...given: unknown[]) => unknown)(...given);
  }

  #prepared(text: string, values: unknown[]): Answer {
    const name = this.#nameOf(text);
    if (name === undefined) return this.#send([text, values]) as Answer;
    return (this.#send([{ name, text, values }]) as Answer).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === STATEMENT_IS_STALE) {
        // Whoever tries again is not to meet the old one.
        this.#names.delete(text);
        this.#seen.set(text, Number.NEGATIVE_INFINITY);
      }
      throw error;
    });
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const seen = (this.#seen.get(text) ?? 0) + 1;
    if (this.#seen.size < MOST_COUNTED || this.#seen.has(text)) this.#seen.set(text, seen);
    if (seen < PREPARED_AFTER || this.#names.size >= MOST_PREPARED) return undefined;
    this.#prepares += 1;
    const name = `s${this.#prepares}`;
    this.#names.set(text, name);
    return name;
  }
}
