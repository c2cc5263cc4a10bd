// The one transaction in which tenant work happens: it has the tenant's role, and ends by taking the tenant's
// head row, so that events and audit entries have the order of the commits, without a gap.
import type { Actor } from '../../shared/actor.ts';
import { AppError } from '../../shared/errors.ts';
import type { EventEntity } from '../../shared/events.ts';
import { conclude, takeHead, type Collected, type Head } from './conclude.ts';
import { FEW } from './few-changes.ts';
import type { Concerned } from './signals.ts';
import type { Database, Queryable } from './database.ts';
import { sqlState } from './sql-state.ts';
import { enterTenant, type Tenant } from './tenants.ts';
import { behind } from './transact.ts';

/** What a change says to the live stream, and what it leaves in the audit log. */
export interface Change {
  event?: { type: string; entity: EventEntity; id: string; version: number; data: unknown };
  audit?: { action: string; entity: string; id: string; before?: object | null; after?: object | null; actor?: Actor; origin?: string };
}

export interface TenantTransaction {
  db: Queryable;
  tenant: Tenant;
  actor: Actor;
  /** Where the request came from: an IP address, or `system`. */
  origin: string;
  /** The transaction's time, of the database. Of work that begins at once it throws until `begun`. */
  readonly now: Date;
  /** The transaction has its time, and its tenant's role. */
  begun: Promise<unknown>;
  /** Notes a change; written in order, under the head row, just before the commit. */
  record(change: Change): void;
  /**
   * There is work now, or at a time: the hint for whoever runs it. `forAgent`: it concerns that agent alone, and whoever was
   * held back by a limit; nobody else who waits for work has to look.
   */
  ready(at?: Date, forAgent?: string): void;
  /**
   * Has the noun's settler look at a row once, after everything else and before the commit. `entry`: what there is to
   * say of it, so that it need not be read again; of two the later one counts.
   */
  settleLater(noun: string, id: string, entry?: unknown): void;
  /** Notes a duration for the metrics, in seconds; counted after the commit. */
  measure(name: Measure, seconds: number): void;
  /**
   * Nothing is noted or locked after this, but changes may still be recorded: settlers and the head row are asked for at
   * once, beside what is being answered; of few changes the end takes the head row itself. Does nothing where a settler needs
   * an answer first.
   */
  closing(): void;
  /**
   * A statement that was asked for and whose answer nobody needs: the end waits for it, and fails with it. `silent`: nothing
   * is recorded by its answer, and no other statement asked for, so that the end goes out with it.
   */
  alongside(answer: Promise<unknown>, silent?: 'silent'): void;
  /** Runs after the commit, never after a rollback. */
  afterCommit(work: () => void): void;
  /** Runs where nothing of the transaction was kept, before it is tried again or its error is told. */
  afterRollback(work: () => void): void;
}

/** `execution`: an attempt ended after so long. `claim`: a task was claimed so long after it could have been. */
export type Measure = 'execution' | 'claim';

export interface RunInTenantOptions {
  settlers?: Settlers | undefined;
  /** Told what was measured, after the commit. */
  observe?: ((tenant: Tenant, name: Measure, seconds: number) => void) | undefined;
}

/**
 * What a noun does at the end of a transaction that touched its rows: a plan whose last task was done, say. They run
 * in the order of this table, the ids in theirs: one order of locks for all transactions, so that none wait in a ring.
 */
export type Settlers = Record<string, Settler>;
export interface Settler {
  (tx: TenantTransaction, ids: string[], entries: unknown[]): Promise<void>;
  /** It asks for all that it does at once, and for nothing by an answer: the next one's statements go out with its own. */
  atOnce?: boolean;
  /** Where it is asked at once: nothing is recorded by the answers for these. */
  isSilent?(entries: unknown[]): boolean;
}

export interface Caller {
  actor: Actor;
  origin: string;
}
export const systemCaller: Caller = { actor: { kind: 'system', id: null, name: 'Signalbox' }, origin: 'system' };

export interface Work<Result> {
  (tx: TenantTransaction): Promise<Result>;
  /** Its first statements go out with the beginning of the transaction: it asks for no time before one was answered. */
  atOnce?: boolean;
}

/** Work that begins at once. */
export const atOnce = <Result>(work: Work<Result>): Work<Result> => Object.assign(work, { atOnce: true });

export type RunInTenant = <Result>(tenant: Tenant, caller: Caller, work: Work<Result>) => Promise<Result>;

// Deadlock, serialization failure, and a prepared statement whose table was migrated: PostgreSQL rolled all of it back,
// so running it again is safe.
const RETRYABLE = new Set(['40001', '40P01', '0A000']);
const MAX_TRIES = 6;

/** Makes the function that runs tenant work. `appLogin` is the role to go back to for the platform's hint. */
export function createRunInTenant(database: Database, appLogin: string, options: RunInTenantOptions = {}): RunInTenant {
  const { settlers = {}, observe } = options;
  const once: RunInTenant = async (tenant, caller, work) => {
    const after = { commit: [] as (() => void)[], rollback: [] as (() => void)[] };
    const giveBack = await database.turns.take(tenant.id);
    const done = database.transact(async (db, last) => {
      const collected = await collect(db, { tenant, ...caller }, { after, work, settlers, observe });
      last(await conclude(db, collected, appLogin));
      return collected.result;
    });
    try {
      const result = await done.finally(giveBack);
      for (const announceDone of after.commit) announceDone();
      return result;
    } catch (error) {
      for (const undo of after.rollback) undo();
      throw error;
    }
  };
  return async (tenant, caller, work) => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await once(tenant, caller, work);
      } catch (error) {
        if (isGone(error)) throw new AppError('not_found', 'This workspace has been deleted.', { cause: error });
        if (tried === MAX_TRIES || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      }
    }
  };
}

/** Its role is not there any more: it was deleted meanwhile, as the demo can be. */
function isGone(error: unknown): boolean {
  return sqlState(error) === '22023' && /^role "sb_\w+" does not exist$/.test((error as Error).message);
}

async function collect<Result>(
  db: Queryable,
  who: { tenant: Tenant } & Caller,
  task: { after: Record<'commit' | 'rollback', (() => void)[]>; work: Work<Result> } & RunInTenantOptions,
): Promise<Collected<Result>> {
  const { settlers = {} } = task;
  const changes: Change[] = [];
  const touched = new Map<string, Map<string, unknown>>();
  const underWay: Promise<unknown>[] = [];
  const silent: Promise<unknown>[] = [];
  let failed: { error: unknown } | undefined;
  let readyAt: Date | undefined;
  let now: Date | undefined;
  let head: Promise<Head | undefined> | undefined;
  let closed = false;
  let concerned: Concerned = new Set();
  const begun = enterTenant(db, who.tenant).then((time) => (now = time));
  begun.catch(() => undefined);
  const tx: TenantTransaction = {
    ...who,
    db: behind(db, begun),
    begun,
    get now() {
      if (now === undefined) throw new Error('A transaction was asked for its time before it had begun.');
      return now;
    },
    record: (change) => changes.push(change),
    ready: (at = tx.now, forAgent) => {
      if (readyAt === undefined || at < readyAt) readyAt = at;
      if (now !== undefined && at > now) return;
      if (forAgent === undefined) concerned = 'all';
      else if (concerned !== 'all') concerned.add(forAgent);
    },
    settleLater: (noun, id, entry) => {
      if (closed) throw new Error(`${noun} was noted in a transaction that was closing.`);
      touched.set(noun, (touched.get(noun) ?? new Map<string, unknown>()).set(id, entry));
    },
    measure: (name, seconds) => task.after.commit.push(() => task.observe?.(who.tenant, name, seconds)),
    alongside: (answer, how) => {
      (how === 'silent' ? silent : underWay).push(answer);
      answer.catch((error: unknown) => (failed ??= { error }));
    },
    closing: () => {
      if (![...touched.keys()].every((noun) => settlers[noun]?.atOnce ?? true)) return;
      // None of them waits, so that all have asked when this returns.
      tx.alongside(settleAll(tx, touched, settlers));
      touched.clear();
      closed = true;
      if (changes.length <= FEW) return;
      head = takeHead(db);
      tx.alongside(head);
    },
    afterCommit: (work) => task.after.commit.push(work),
    afterRollback: (work) => task.after.rollback.push(work),
  };
  try {
    if (!task.work.atOnce) await begun;
    const result = await task.work(tx);
    await settleAll(tx, touched, settlers);
    await begun;
    return { ...who, now: tx.now, changes, ready: () => ({ at: readyAt, concerned }), result, underWay, silent, head };
  } catch (error) {
    // Nothing of it may come after the rollback.
    await Promise.allSettled([...underWay, ...silent]);
    // What was asked for after a statement that failed is told only that.
    throw failed ? failed.error : error;
  }
}

/** The last of them may still be under way. */
async function settleAll(tx: TenantTransaction, touched: Map<string, Map<string, unknown>>, settlers: Settlers): Promise<void> {
  let underWay: { settling: Promise<void>; silent: boolean }[] = [];
  for (const [noun, settle] of Object.entries(settlers)) {
    const noted = touched.get(noun);
    if (!noted) continue;
    const ids = [...noted.keys()].toSorted();
    const entries = ids.map((id) => noted.get(id));
    underWay.push({ settling: settle(tx, ids, entries), silent: settle.isSilent?.(entries) ?? false });
    if (settle.atOnce) continue;
    await Promise.all(underWay.map(({ settling }) => settling));
    underWay = [];
  }
  for (const { settling, silent } of underWay) tx.alongside(settling, silent ? 'silent' : undefined);
}
