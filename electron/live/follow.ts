// Makes the live stream follow the session: open while somebody is signed in, anew for another workspace.
import type { Me } from '../../shared/identity.ts';
import type { SessionStatus } from '../../shared/ipc.ts';
import type { LiveHub } from './hub.ts';
import type { LiveConnection } from './live-connection.ts';

export interface LiveFollower {
  /** The session or the backend has changed; `url` is null while the backend is not there. */
  follow(session: SessionStatus, url: string | null): void;
  /** A window has everything up to `since`, so the first connection need not start later. */
  watch(since: number | null): void;
  /** The computer was asleep. */
  wake(): void;
  /** The end of the app. */
  close(): void;
}

const identityOf = (me: Me) => `${me.organization.id} ${me.user.id}`;

/** Ties one connection and its windows to the session. */
export function createLiveFollower(connection: LiveConnection, hub: LiveHub): LiveFollower {
  let followed: string | null = null;
  let start: number | null = null;

  return {
    close: () => connection.disconnect(),
    wake: () => connection.wake(),
    watch(since) {
      start ??= since;
    },
    follow(session, url) {
      // A token is being renewed or the backend restarts: the socket keeps trying by itself.
      if (session.state === 'signed_in' && url === null) return;
      const next = session.state === 'signed_in' ? identityOf(session.me) : null;
      if (next !== followed) {
        connection.disconnect();
        hub.reset();
        if (followed !== null) start = null;
        followed = next;
      }
      if (next !== null && url !== null) connection.connect(url, start);
    },
  };
}
