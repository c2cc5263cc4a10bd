// A transaction whose statements go out as they are asked for: those that are asked for together are sent together, and
// the last of them with the commit. Kysely's own sends one when the answer to the one before has come.
import { CompiledQuery, type DatabaseConnection, type Kysely, type QueryExecutorProvider } from 'kysely';
import { sqlState } from './sql-state.ts';

/** Makes statements that need no answer before the commit; they must not fail before they are sent. */
export type Last = () => Promise<unknown>[];

/** `last`: takes what goes out with the commit. It is carried out in the order in which it is asked for. */
export type Transact = <Result>(
  work: (db: QueryExecutorProvider, last: (statements: Last) => void) => Promise<Result>,
) => Promise<Result>;

export function createTransact(app: Kysely<unknown>): Transact {
  const shared = app.getExecutor();
  return (work) =>
    shared.provideConnection(async (connection) => {
      let cause: { error: unknown } | undefined;
      const watched: DatabaseConnection = {
        streamQuery: (query, size) => connection.streamQuery(query, size),
        executeQuery(query) {
          const answer = connection.executeQuery<never>(query);
          answer.catch((error: unknown) => void (isConsequence(error) || (cause ??= { error })));
          return answer;
        },
      };
      const executor = shared.withConnectionProvider({ provideConnection: (consumer) => consumer(watched) });
      const run = (text: string) => connection.executeQuery(CompiledQuery.raw(text));
      let closing: Last = () => [];
      // It goes out with the first statement, which fails with it.
      const begun = run('begin');
      begun.catch(() => undefined);
      try {
        const result = await work({ getExecutor: () => executor }, (statements) => void (closing = statements));
        // After a statement that failed, the commit rolls back.
        await Promise.all([begun, ...closing(), run('commit')]);
        return result;
      } catch (error) {
        await run('rollback').catch(() => undefined);
        // Answers that come at once are told in any order; after the rollback's they are all in.
        throw isConsequence(error) && cause ? cause.error : error;
      }
    });
}

/** `current transaction is aborted`: told of each statement after the one that failed. */
const isConsequence = (error: unknown): boolean => sqlState(error) === '25P02';

/** The same, but for answers: none comes before `opened` has, and each fails with it. */
export function behind(db: QueryExecutorProvider, opened: Promise<unknown>): QueryExecutorProvider {
  const executor = db.getExecutor();
  const behindIt = (connection: DatabaseConnection): DatabaseConnection => ({
    streamQuery: (query, size) => connection.streamQuery(query, size),
    executeQuery(query) {
      const answer = connection.executeQuery<never>(query);
      answer.catch(() => undefined);
      return opened.then(() => answer);
    },
  });
  const waiting = executor.withConnectionProvider({
    provideConnection: (consumer) => executor.provideConnection((connection) => consumer(behindIt(connection))),
  });
  return { getExecutor: () => waiting };
}
