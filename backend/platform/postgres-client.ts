// A PostgreSQL connection for many short transactions: statements that say so are parsed and planned once, and a BEGIN
// goes out with the statement after it.
import pg from 'pg';

/** Begins a statement that is prepared: parsed and planned once for a connection. */
export const KEPT = '/* kept */ ';
/** Kept statements of a connection: each holds its plan. */
const MOST_KEPT = 120;
/** `cached plan must not change result type`: a migration changed a table under a prepared statement. */
const STATEMENT_IS_STALE = '0A000';

type Answer = Promise<pg.QueryResult>;

export class PreparingClient extends pg.Client {
  /** The names under which statements are prepared. */
  readonly #names = new Map<string, string>();
  #prepares = 0;
  /** Those that were met by a migration: whoever tries again is not to meet the old plan. */
  readonly #stale = new Set<string>();
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
