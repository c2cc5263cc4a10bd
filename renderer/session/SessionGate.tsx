// What the window shows until somebody is signed in: starting, failed, or the first screen.
import type { ReactNode } from 'react';
import type { Me } from '../../shared/identity.ts';
import type { BackendStatus, FailedBackend } from '../../shared/ipc.ts';
import { useStatus } from '../app/status.tsx';
import { BackendFailed } from './BackendFailed.tsx';
import { Starting } from './Starting.tsx';
import { Welcome } from './Welcome.tsx';
import styles from './session.module.css';

interface SessionGateProps {
  /** `confirmed` is false while what was shown last stands there, and the session is not taken up again yet. */
  children(me: Me, confirmed: boolean): ReactNode;
}

export function SessionGate({ children }: SessionGateProps) {
  const { status, preferences, shown } = useStatus();
  const { backend, session } = status;
  const signedIn = session.state === 'signed_in' ? session.me : null;
  const failure = failureOf(backend, signedIn !== null);
  // What was shown last stands there until the session is taken up again; a failure meanwhile takes its place.
  const before = session.state === 'unknown' && failure === null ? (shown?.me ?? null) : null;
  const me = signedIn ?? before;
  // A backend that is away or starts again takes nothing off the screen: what was read and written stays behind what
  // is said, and is there again when it is over.
  if (me !== null && preferences !== null) {
    return (
      <>
        <div className={styles.behind} inert={failure !== null}>
          {children(me, signedIn !== null)}
        </div>
        {failure && <BackendFailed failure={failure} />}
      </>
    );
  }
  if (failure) return <BackendFailed failure={failure} />;
  if (backend.state === 'starting') return <Starting what={backend.doing ?? 'Opening the workspace’s database…'} />;
  if (session.state === 'signed_out' && preferences !== null) return <Welcome hint={session.hint} keychain={status.keychain} demo={status.demo} />;
  return <Starting what="Signing you in…" />;
}

/** What takes the whole window: a failure, or an absence when there is nothing to show meanwhile. */
function failureOf(backend: BackendStatus, signedIn: boolean): FailedBackend | null {
  if (backend.state === 'failed') return backend;
  if (backend.state !== 'away' || signedIn) return null;
  const { title, message, action, nextTryAt } = backend;
  return { state: 'failed', reason: 'unreachable', title, message, action, nextTryAt };
}
