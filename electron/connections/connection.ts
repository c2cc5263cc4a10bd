// One connection: its backend, session and live stream. Nothing of it is shared with another.
import type { LiveEvent } from '../../shared/events.ts';
import type { MetricSample } from '../../shared/metric.ts';
import type { AppStatus, BackendStatus } from '../../shared/ipc.ts';
import type { Backend, Clock } from '../embedded/backend.ts';
import { createLiveFollower, type LiveFollower } from '../live/follow.ts';
import { createLiveHub, type LiveHub } from '../live/hub.ts';
import { createLiveConnection } from '../live/live-connection.ts';
import { openSocket } from '../live/socket.ts';
import { createBackendClient, type BackendClient } from '../session/backend-client.ts';
import { createSession, type Session } from '../session/session.ts';
import type { TokenStore } from '../session/token-store.ts';
import { createClockAhead } from './clock-ahead.ts';

export interface Connection {
  readonly id: string;
  readonly backend: Backend;
  readonly client: BackendClient;
  readonly session: Session;
  readonly hub: LiveHub;
  /** A window has opened its stream, having applied everything up to `since`. */
  watch: LiveFollower['watch'];
  status(): Pick<AppStatus, 'backend' | 'session' | 'clockAhead'>;
  /** The computer was asleep: looks at once whether everything is still there. */
  wake(): void;
  start(): void;
  /** Ends the stream, and the backend where it is ours. */
  close(): Promise<void>;
}

export interface ConnectionParts {
  id: string;
  makeBackend(onStatus: () => void): Backend;
  tokens: TokenStore;
  clock: Clock;
  fetch: typeof fetch;
  wait(milliseconds: number): Promise<void>;
  /** The backend or the session has changed. */
  onChange(): void;
  onEvents(events: LiveEvent[]): void;
  onMetrics(sample: MetricSample): void;
}

/** Wires a connection; nothing happens until it is started. */
export function createConnection(parts: ConnectionParts): Connection {
  const { id, clock } = parts;
  const hub = createLiveHub(clock);
  const ahead = createClockAhead(clock, () => parts.onChange());
  const client = suspicious(
    createBackendClient({ url: () => readyUrl(backend), whyAway: () => whyAway(backend.status()), fetch: parts.fetch }),
    () => backend.suspect?.(),
  );
  const session = createSession({
    client,
    tokens: parts.tokens,
    now: () => clock.elapsed(),
    wait: parts.wait,
    onChange: changed,
  });
  const live = createLiveFollower(
    createLiveConnection({
      open: openSocket,
      accessToken: session.accessToken,
      renewed: session.renewed,
      sink: {
        events(events) {
          hub.events(events);
          parts.onEvents(events);
        },
        resync: hub.resync,
        metrics(sample) {
          hub.pass({ kind: 'metrics', sample });
          parts.onMetrics(sample);
          ahead.heard(Date.parse(sample.at));
        },
        freshness(freshness) {
          hub.freshness(freshness);
          if (freshness.state === 'stale') backend.suspect?.();
        },
      },
      clock,
    }),
    hub,
  );
  const backend = parts.makeBackend(() => {
    changed();
    if (backend.status().state === 'ready') void session.restore();
  });

  function changed(): void {
    live.follow(session.status(), readyUrl(backend));
    parts.onChange();
  }

  return {
    id,
    backend,
    client,
    session,
    hub,
    watch: live.watch,
    status() {
      const seconds = ahead.seconds();
      return { backend: backend.status(), session: session.status(), ...(seconds === null ? {} : { clockAhead: seconds }) };
    },
    wake() {
      live.wake();
      const { state } = backend.status();
      if (state === 'away') void backend.restart();
      else backend.suspect?.();
    },
    start: () => backend.start(),
    async close() {
      live.close();
      await backend.stop();
    },
  };
}

function readyUrl(backend: Backend): string | null {
  const status = backend.status();
  return status.state === 'ready' ? status.url : null;
}

/** Whoever gets no answer has the backend looked at, which is sooner than its next turn. */
function suspicious(client: BackendClient, suspect: () => void): BackendClient {
  return {
    async call(request, options) {
      const answer = await client.call(request, options);
      if (!answer.ok && answer.problem.lost === true) suspect();
      return answer;
    },
  };
}

/** Why nothing can be asked now, for whoever asks all the same. */
export function whyAway(status: BackendStatus): string | null {
  switch (status.state) {
    case 'away':
    case 'failed':
      return `${status.title}. ${status.message}`;
    case 'starting':
      return status.crash === undefined ? null : 'The backend stopped and is being started again.';
    case 'ready':
      return null;
  }
}
