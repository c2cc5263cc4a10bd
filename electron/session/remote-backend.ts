// A backend elsewhere (SIGNALBOX_SERVER_URL): ready once its health answers, asked again until then.
import type { BackendStatus } from '../../shared/ipc.ts';
import type { Backend, Clock } from '../embedded/backend.ts';

const ASK_AGAIN_MS = 3_000;
const TIMEOUT_MS = 5_000;

export interface RemoteParts {
  url: string;
  fetch: typeof fetch;
  clock: Clock;
  onStatus(status: BackendStatus): void;
}

/** A backend at an address; starting and stopping it is not ours. */
export function createRemoteBackend({ url, fetch, clock, onStatus }: RemoteParts): Backend {
  let status: BackendStatus = { state: 'starting' };
  let cancel: (() => void) | null = null;
  /** Rises with every start and stop: an answer asked for by an earlier one comes too late. */
  let era = 0;

  function setStatus(next: BackendStatus): void {
    status = next;
    onStatus(next);
  }

  async function ask(asked: number): Promise<void> {
    cancel = null;
    const healthy = await answersHealth(url, fetch);
    if (asked !== era) return;
    if (healthy) {
      setStatus({ state: 'ready', url });
      return;
    }
    setStatus({
      state: 'failed',
      title: 'The server cannot be reached',
      message: `${url} does not answer. Signalbox keeps trying every few seconds.`,
      action: 'Check the address and your network, or try again now.',
    });
    cancel = clock.after(ASK_AGAIN_MS, () => void ask(asked));
  }

  function start(): void {
    era += 1;
    setStatus({ state: 'starting' });
    void ask(era);
  }

  async function stop(): Promise<void> {
    era += 1;
    cancel?.();
    cancel = null;
  }

  async function restart(): Promise<void> {
    await stop();
    start();
  }

  return { start, stop, restart, status: () => status };
}

async function answersHealth(url: string, fetcher: typeof fetch): Promise<boolean> {
  try {
    const answer = await fetcher(`${url}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
