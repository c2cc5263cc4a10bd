// A backend elsewhere: ready once it says so, and asked again, ever more rarely, while it is away.
import type { BackendStatus } from '../../shared/ipc.ts';
import type { Backend, Clock } from '../embedded/backend.ts';
import { failureOf, failureOfStatus, troubleOf, type Failure } from './failures.ts';

const TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** An answer longer than this is not that of a backend's readiness. */
const ANSWER_LIMIT = 100_000;

export interface RemoteParts {
  url: string;
  fetch: typeof fetch;
  clock: Clock;
  onStatus(status: BackendStatus): void;
  /** Told the time that the server gave with its answer. */
  onServerTime?(milliseconds: number): void;
  /** From 0 to 1: consoles that lost the same server do not all come back in the same moment. */
  random?(): number;
}

/** Milliseconds before it is asked again after so many failures: 1 s, doubled up to 15 s, and of that half to all. */
export function reconnectPause(tries: number, random: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, tries - 1));
  return Math.round(longest * (0.5 + random / 2));
}

/** A backend at an address; starting and stopping it is not ours. */
export function createRemoteBackend(parts: RemoteParts): Backend {
  const { url, clock, random = Math.random } = parts;
  let status: BackendStatus = { state: 'starting' };
  let cancel: (() => void) | null = null;
  let wasReady = false;
  let since: string | null = null;
  let tries = 0;
  let asking = false;
  /** Rises with every start and stop: an answer asked for by an earlier one comes too late. */
  let era = 0;

  function setStatus(next: BackendStatus): void {
    status = next;
    parts.onStatus(next);
  }

  async function ask(): Promise<void> {
    cancel?.();
    cancel = null;
    const asked = era;
    asking = true;
    const failure = await reach(parts);
    if (asked !== era) return;
    asking = false;
    if (failure !== null) {
      away(failure);
      return;
    }
    const before = status.state;
    wasReady = true;
    since = null;
    tries = 0;
    if (before !== 'ready') setStatus({ state: 'ready', url });
  }

  function away(failure: Failure): void {
    tries += 1;
    since ??= new Date(clock.now()).toISOString();
    const pause = reconnectPause(tries, random());
    const nextTryAt = new Date(clock.now() + pause).toISOString();
    const trouble = troubleOf(failure, new URL(url).host);
    cancel = clock.after(pause, () => void ask());
    // What was read before stays on the screen; before the first answer there is nothing to show.
    if (wasReady) setStatus({ state: 'away', since, tries, nextTryAt, ...trouble });
    else setStatus({ state: 'failed', reason: 'unreachable', nextTryAt, ...trouble });
  }

  function start(): void {
    era += 1;
    if (status.state === 'ready') setStatus({ state: 'starting' });
    void ask();
  }

  async function stop(): Promise<void> {
    era += 1;
    asking = false;
    cancel?.();
    cancel = null;
  }

  return {
    start,
    stop,
    /** Now, and from the shortest pause again. */
    async restart() {
      await stop();
      tries = 0;
      await ask();
    },
    suspect() {
      if (status.state === 'ready' && !asking) void ask();
    },
    status: () => status,
  };
}

/** Asks whether it is ready; null: it is. */
async function reach({ url, fetch, onServerTime }: RemoteParts): Promise<Failure | null> {
  try {
    const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' });
    const said = await readJson(answer);
    const date = Date.parse(answer.headers.get('date') ?? '');
    if (answer.ok && said?.['status'] === 'ready') {
      if (Number.isFinite(date)) onServerTime?.(date);
      return null;
    }
    const detail = typeof said?.['detail'] === 'string' ? said['detail'].slice(0, 300) : undefined;
    return failureOfStatus(answer.status, detail) ?? { kind: 'foreign', sent: false };
  } catch (cause) {
    return failureOf(cause);
  }
}

async function readJson(answer: Response): Promise<Record<string, unknown> | null> {
  const text = await answer.text();
  if (text.length > ANSWER_LIMIT) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
