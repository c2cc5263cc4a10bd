// What the window shows until somebody is signed in: starting, failed, or the first screen.
import type { ReactNode } from 'react';
import type { Me } from '../../shared/identity.ts';
import { useStatus } from '../app/status.tsx';
import { BackendFailed } from './BackendFailed.tsx';
import { Starting } from './Starting.tsx';
import { Welcome } from './Welcome.tsx';

interface SessionGateProps {
  /** `confirmed` is false while what was shown last stands there, and the session is not taken up again yet. */
  children(me: Me, confirmed: boolean): ReactNode;
}

export function SessionGate({ children }: SessionGateProps) {
  const { status, preferences, shown } = useStatus();
  const { backend, session } = status;
  if (backend.state === 'failed') return <BackendFailed failure={backend} />;
  // A backend that starts again takes nothing off the screen: what was read and written stays, and says how old it is.
  if (session.state === 'signed_in' && preferences !== null) return children(session.me, true);
  if (session.state === 'unknown' && preferences !== null && shown !== null) return children(shown.me, false);
  if (backend.state === 'starting') return <Starting what="Opening the workspace’s database…" />;
  if (session.state === 'signed_out' && preferences !== null) return <Welcome hint={session.hint} keychain={status.keychain} demo={status.demo} />;
  return <Starting what="Signing you in…" />;
}
