// The engine of one node: goes where the hints say there is work, sweeps what is due, and claims for hosted
// agents. Many nodes may run it over one PostgreSQL; the rows' locks keep them apart.
import type { Agent } from '../../shared/agent.ts';
import { findAgents, toAgent } from '../agents/index.ts';
import { pause } from '../platform/clock.ts';
import { row, rows, sql, type Database } from '../platform/database.ts';
import type { Disk } from '../platform/disk.ts';
import type { Log } from '../platform/log.ts';
import type { Signals } from '../platform/signals.ts';
import { atOnce, systemCaller, type RunInTenant, type TenantTransaction } from '../platform/tenant-transaction.ts';
import type { Tenant, Tenants } from '../platform/tenants.ts';
import { createHold, watchTime, type TimeWatch } from '../platform/time-watch.ts';
import { mayClaim, openPrices, readRunAccounts, type Providers } from '../providers/index.ts';
import { claimFor } from './claim.ts';
import { releaseAttempt } from './finish.ts';
import { makeGood, takeOffClosedTime } from './lost-time.ts';
import { createRunner, type HostedClaim } from './runner.ts';
import { keepTenant, nextDue, releaseHosted, sweepTenant } from './sweep.ts';
import { createShares } from './shares.ts';

export interface EngineOptions {
  database: Database;
  tenants: Tenants;
  runInTenant: RunInTenant;
  signals: Signals;
  providers: Providers;
  log: Log;
  leaseSeconds: number;
  /** The only node there can be: what ran before a start is put back at once, without waiting for its lease. */
  alone: boolean;
  /** What other nouns do at their times, in the sweep. */
  calendars?: Calendar[];
  /** Where the embedded database lies: nothing is begun while there is too little room. */
  disk?: Disk | undefined;
  putBack?: ((tasks: number) => void) | undefined;
  /** A test's own; the system's otherwise. */
  time?: TimeWatch | undefined;
}

/** What happens at a time: `next` says when there is something, `run` does what is due then. */
export interface Calendar {
  run(tx: TenantTransaction): Promise<void>;
  next(tx: TenantTransaction): Promise<Date | null>;
  /** Lets go of what has served its time; asked for now and then. */
  keep?(tx: TenantTransaction): Promise<void>;
}

export interface Engine {
  start(): Promise<void>;
  stop(): Promise<void>;
  running(): number;
}

/** A tenant that is being looked after is looked at again after this, should the node die meanwhile. */
const SAFETY_SECONDS = 15;
const IDLE_MS = 1_000;
/** Tenants that a node looks after at the same time: one with much to do holds up no other. */
const LOOKS = 4;
/** Hosted attempts that one node runs at the same time. */
const MAX_RUNS = 500;
/** How often a tenant's old rows are looked through. */
const KEEP_MS = 60_000;

function earliest(times: (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null).map((time) => time.getTime());
  return known.length === 0 ? null : new Date(Math.min(...known));
}

export function createEngine(options: EngineOptions): Engine {
  const { database, tenants, runInTenant, providers, log, calendars = [] } = options;
  const runner = createRunner(options);
  const time = options.time ?? watchTime();
  const hold = createHold(options.leaseSeconds);
  const kept = new Map<string, number>();
  const shares = createShares(MAX_RUNS);
  const looks = new Set<Promise<void>>();
  const stopped = new AbortController();
  let wake = new AbortController();
  let loop: Promise<void> = Promise.resolve();

  /** Takes over so many of the hints that are due: each is put off, so that nobody else looks too. */
  const takeDue = (most: number) =>
    rows(database.app, sql<{ tenant_id: string; until: string }>`
      update platform.work_hints h set ready_at = now() + make_interval(secs => ${SAFETY_SECONDS})
      where tenant_id in (select tenant_id from platform.work_hints where ready_at <= now()
        order by ready_at limit ${most} for update skip locked)
      returning tenant_id, ready_at::text as until`);

  /** Sets the next look; a hint that came meanwhile is earlier than the one we set, and stays. */
  const putOff = (due: { tenant_id: string; until: string }, next: Date | null) =>
    sql`update platform.work_hints set ready_at = ${next === null ? sql`'infinity'` : next}
      where tenant_id = ${due.tenant_id} and ready_at = ${due.until}::timestamptz`.execute(database.app);

  async function lookAfter(due: { tenant_id: string; until: string }): Promise<void> {
    const tenant = await tenants.find(due.tenant_id);
    if (!tenant) return void kept.delete(due.tenant_id);
    // Work that is ready goes first: what the sweep sets free brings a hint of its own.
    const claimed = stopped.signal.aborted ? [] : await claimHosted(tenant);
    for (const hosted of claimed) void runner.start(hosted).finally(() => shares.give(tenant.id, 1));
    const times = await runInTenant(tenant, systemCaller, async (tx) => {
      // Looked at after the transaction took its time: whatever stopped us before that is found, and swept later.
      if (options.alone ? lostTime() : hold.isOn(tx.now)) tx.ready(new Date(tx.now.getTime() + IDLE_MS));
      else await sweepTenant(tx, { leaseSeconds: options.leaseSeconds, runs: runner.runs });
      return readTimes(tx);
    });
    const dated = calendars.filter((_, index) => times.dated[index]);
    for (const calendar of dated) await runInTenant(tenant, systemCaller, calendar.run);
    if ((kept.get(tenant.id) ?? 0) < performance.now() - KEEP_MS) {
      const more = await runInTenant(tenant, systemCaller, async (tx) => {
        for (const calendar of calendars) await calendar.keep?.(tx);
        return keepTenant(tx);
      });
      // What came in faster than it goes is gone on with at the next look.
      if (!more) kept.set(tenant.id, performance.now());
    }
    await putOff(due, dated.length === 0 ? times.next : (await runInTenant(tenant, systemCaller, readTimes)).next);
  }

  /** When there is something to do by time, and which of the calendars have something now. */
  async function readTimes(tx: TenantTransaction): Promise<{ next: Date | null; dated: boolean[] }> {
    const [tasks, ...of] = await Promise.all([nextDue(tx), ...calendars.map((calendar) => calendar.next(tx))]);
    return { next: earliest([tasks, ...of]), dated: of.map((at) => at !== null && at <= tx.now) };
  }

  /**
   * Agents that are free while something is queued that they may take. Their rows are taken before any other lock, in
   * one order; one that is held elsewhere is about to change, and its change brings a hint of its own.
   */
  async function takeFree(tx: TenantTransaction): Promise<Agent[]> {
    const taken = await rows(tx.db, sql<{ id: string }>`
      select a.id from agents a where a.kind = 'hosted' and a.status = 'active' and a.provider_account_id is not null
        and a.running < a.concurrency
        and exists (select 1 from provider_accounts p where p.id = a.provider_account_id and ${mayClaim})
        and exists (select 1 from tasks t where t.state = 'queued' and (t.run_at is null or t.run_at <= now())
          and (t.agent_id = a.id or (t.agent_id is null and t.capabilities <@ a.capabilities)))
      order by a.id for no key update of a skip locked`);
    return taken.length === 0 ? [] : (await findAgents(tx, sql`a.id = any(${taken.map(({ id }) => id)}::uuid[]) order by a.id`)).map(toAgent);
  }

  /** All that can start starts in one commit: the floor of a plan is kept without a gap between its agents. */
  async function claimHosted(tenant: Tenant): Promise<HostedClaim[]> {
    let taken = 0;
    const giveBack = () => {
      shares.give(tenant.id, taken);
      taken = 0;
    };
    try {
      const claiming = atOnce(async (tx) => {
        // A transaction that is run again begins anew.
        giveBack();
        const free = await takeFree(tx);
        if (free.length === 0) return [];
        const accounts = await readRunAccounts(tx, free.flatMap((agent) => agent.provider?.accountId ?? []));
        // The simulator costs nothing: no price is read for it.
        const priced = [...accounts.values()].some(({ kind }) => kind !== 'simulator');
        const priceOf = priced ? await openPrices(tx) : () => null;
        const claimed: HostedClaim[] = [];
        const shared = { agentIds: free.map(({ id }) => id) };
        for (const agent of free) {
          const account = accounts.get(agent.provider!.accountId);
          const limit = Math.min(agent.concurrency - agent.running, shares.roomOf(tenant.id));
          if (!account || limit <= 0) continue;
          const how = { limit, leaseSeconds: options.leaseSeconds, throwOnQuota: false, shared, last: agent === free.at(-1) };
          const claims = await claimFor(tx, agent.id, how);
          shares.take(tenant.id, claims.length);
          taken += claims.length;
          for (const claim of claims) {
            const { model } = agent.provider!;
            claimed.push({ tenant, claim, agent, provider: providers[account.kind], model, account, rates: priceOf(model) });
          }
        }
        return claimed;
      });
      return await runInTenant(tenant, systemCaller, claiming);
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  function lostTime(): boolean {
    const lost = time.take();
    if (lost !== null) time.giveBack(lost);
    return lost !== null;
  }

  /** What this computer slept through, or was set by, is made good before anything is judged by the clock. */
  async function makeUpForLostTime(): Promise<void> {
    const lost = time.take();
    if (lost === null || !options.alone) return;
    try {
      let moved = 0;
      for (const tenant of await tenants.all()) {
        moved += await runInTenant(tenant, systemCaller, (tx) => makeGood(tx, lost));
      }
      await sql`update platform.work_hints set ready_at = now()`.execute(database.app);
      log.warn({ ...lost, moved }, 'time passed without this process, or the clock was set: leases and limits were moved');
    } catch (error) {
      time.giveBack(lost);
      throw error;
    }
  }

  async function recover(): Promise<void> {
    for (const tenant of await tenants.all()) {
      if (options.alone) {
        await runInTenant(tenant, systemCaller, async (tx) => {
          await takeOffClosedTime(tx);
          const left = await releaseHosted(tx);
          for (const task of left) await releaseAttempt(tx, task);
          tx.afterCommit(() => options.putBack?.(left.length));
        });
      }
      await sql`insert into platform.work_hints (tenant_id, ready_at) values (${tenant.id}, now())
        on conflict (tenant_id) do update set ready_at = now()`.execute(database.app);
    }
  }

  /** Until a signal, the next hint that is due, or the idle time. */
  async function rest(): Promise<void> {
    const next = await row(database.app, sql<{ ms: number | null }>`
      select (extract(epoch from min(ready_at) - now()) * 1000)::float8 as ms from platform.work_hints where ready_at < 'infinity'`);
    await pause(Math.max(5, Math.min(IDLE_MS, next?.ms ?? IDLE_MS)), wake.signal);
  }

  /** Beside others; its end lets the loop go on. */
  function beginLook(due: { tenant_id: string; until: string }): void {
    const look: Promise<void> = lookAfter(due)
      .catch((error: unknown) => log.error({ err: error }, 'engine: a look at a tenant failed; it is tried again'))
      .finally(() => {
        looks.delete(look);
        wake.abort();
      });
    looks.add(look);
  }

  async function work(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        wake = new AbortController();
        await makeUpForLostTime();
        if (options.disk?.read().low) {
          await pause(IDLE_MS, wake.signal);
          continue;
        }
        const due = looks.size < LOOKS ? await takeDue(LOOKS - looks.size) : [];
        for (const one of due) beginLook(one);
        if (due.length === 0) await rest();
      } catch (error) {
        log.error({ err: error }, 'engine: a round failed; trying again');
        await pause(IDLE_MS, stopped.signal);
      }
    }
  }

  const off = options.signals.on('work', () => wake.abort());
  return {
    async start() {
      await recover();
      loop = work();
    },
    async stop() {
      off();
      stopped.abort();
      wake.abort();
      await loop;
      await Promise.all(looks);
      time.close();
      await runner.stop();
    },
    running: () => runner.running(),
  };
}
