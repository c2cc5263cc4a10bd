// Notices time that passed without this process, because the computer slept or the process was stopped, and steps of
// the computer's clock. Leases and limits are not to run out by either.
import { uptime } from 'node:os';

export interface LostTime {
  /** Milliseconds in which the process could not run. */
  sleptMs: number;
  /** Milliseconds by which the clock was set forward; negative: back. */
  steppedMs: number;
}

export interface TimeSources {
  /** The clock of the wall, which a person or a time server may set. */
  wall(): number;
  /** Time since the computer was switched on, its sleep counted; nobody sets it. */
  sinceBoot(): number;
}

/** Looked at this often while the process runs. */
const TICK_MS = 1_000;
/** A longer pause between two looks is time without us; a busy moment is shorter. */
const SLEPT_MS = 5_000;
/** Some systems tell their uptime in whole seconds, so that less says nothing. */
const STEPPED_MS = 3_000;

const systemSources: TimeSources = { wall: () => Date.now(), sinceBoot: () => uptime() * 1_000 };

export interface TimeWatch {
  /** Looks now; what it finds is kept until it is taken. */
  look(): void;
  /** What was lost since the last call; null: nothing. */
  take(): LostTime | null;
  /** What could not be made good is taken once more. */
  giveBack(lost: LostTime): void;
  close(): void;
}

export function watchTime(sources: TimeSources = systemSources, tickMs: number | null = TICK_MS): TimeWatch {
  let last = { wall: sources.wall(), sinceBoot: sources.sinceBoot() };
  let lost: LostTime = { sleptMs: 0, steppedMs: 0 };

  function look(): void {
    const now = { wall: sources.wall(), sinceBoot: sources.sinceBoot() };
    const passed = now.sinceBoot - last.sinceBoot;
    const stepped = now.wall - last.wall - passed;
    if (passed >= SLEPT_MS) lost.sleptMs += passed;
    if (Math.abs(stepped) >= STEPPED_MS) lost.steppedMs += stepped;
    last = now;
  }

  const timer = tickMs === null ? null : setInterval(look, tickMs);
  timer?.unref();
  return {
    look,
    take() {
      look();
      if (lost.sleptMs === 0 && lost.steppedMs === 0) return null;
      const taken = lost;
      lost = { sleptMs: 0, steppedMs: 0 };
      return taken;
    },
    giveBack({ sleptMs, steppedMs }) {
      lost = { sleptMs: lost.sleptMs + sleptMs, steppedMs: lost.steppedMs + steppedMs };
    },
    close: () => timer !== null && clearInterval(timer),
  };
}

export interface Hold {
  /** True while nothing may be judged by the database's clock; asked with the time of a transaction that began now. */
  isOn(databaseNow: Date): boolean;
}

/**
 * Of a node among several: when the database's clock leaps ahead of the time that really passed here, because it was
 * set or because this node slept, no lease is taken for expired for the length of one, in which whoever is alive renews it.
 */
export function createHold(leaseSeconds: number, elapsed: () => number = () => performance.now()): Hold {
  let last: { database: number; here: number } | null = null;
  let until = Number.NEGATIVE_INFINITY;
  return {
    isOn(databaseNow) {
      const now = { database: databaseNow.getTime(), here: elapsed() };
      const leap = last === null ? 0 : now.database - last.database - (now.here - last.here);
      if (leap >= SLEPT_MS) until = now.here + leaseSeconds * 1_000;
      last = now;
      return now.here < until;
    },
  };
}
