// What main says about the app as a whole, and the person's preferences; both live in main.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { preferences as preferencesSchema, type AppStatus, type Shown, type StartState } from '../../shared/ipc.ts';
import { withPreferences, type Preferences, type PreferencesPatch } from '../../shared/preferences.ts';
import { useBridge } from '../components/bridge.tsx';
import { nobody, RememberedProvider } from '../components/remembered.tsx';
import { shownOf } from './lastShown.ts';

const initial: AppStatus = {
  connection: { id: '', kind: 'embedded', name: 'This computer', accent: null },
  backend: { state: 'starting' },
  session: { state: 'unknown' },
  keychain: true,
  tray: true,
  awake: false,
  version: '',
  platform: '',
};

interface Status {
  status: AppStatus;
  preferences: Preferences | null;
  /** What is shown until the session is known; null: nothing, or it is known. */
  shown: Shown | null;
  /** The page before this one in the window went down. */
  crashed: boolean;
  /** Shown at once, kept by main. */
  prefer(change: PreferencesPatch): void;
}
const StatusContext = createContext<Status | null>(null);

interface StatusProviderProps {
  /** What main handed over for the first frame. */
  start?: StartState;
  crashed?: boolean;
  children: ReactNode;
}

export function StatusProvider({ start, crashed = false, children }: StatusProviderProps) {
  const bridge = useBridge();
  const [status, setStatus] = useState(initial);
  const [preferences, setPreferences] = useState(() => preferencesOf(start));
  const [kept, setKept] = useState(() => shownOf(start?.shown ?? null));
  // Signed out, or failed to sign in: what was shown last is nobody's any more, whoever signs in next.
  if (status.session.state === 'signed_out' && kept !== null) setKept(null);
  useEffect(() => {
    let noticed = false;
    const stop = bridge.on('app:status', (notice) => {
      noticed = true;
      setStatus(notice);
    });
    // Changed elsewhere, as by the menu or in another window.
    const stopPreferences = bridge.on('preferences', setPreferences);
    void bridge.request('app:status').then((answer) => {
      if (!noticed) setStatus(answer);
    });
    void bridge.request('preferences:get').then(setPreferences);
    return () => {
      stop();
      stopPreferences();
    };
  }, [bridge]);
  const prefer = useCallback(
    (change: PreferencesPatch) => {
      setPreferences((before) => before && withPreferences(before, change));
      void bridge.request('preferences:set', change);
    },
    [bridge],
  );
  const shown = status.session.state === 'signed_out' ? null : kept;
  const value = useMemo(() => ({ status, preferences, shown, crashed, prefer }), [status, preferences, shown, crashed, prefer]);
  const remembered = useMemo(() => (preferences === null ? nobody : { preferences, prefer }), [preferences, prefer]);
  return (
    <StatusContext value={value}>
      <RememberedProvider value={remembered}>{children}</RememberedProvider>
    </StatusContext>
  );
}

function preferencesOf(start: StartState | undefined): Preferences | null {
  const read = preferencesSchema.safeParse(start?.preferences);
  return read.success ? read.data : null;
}

export function useStatus(): Status {
  const value = useContext(StatusContext);
  if (!value) throw new Error('useStatus needs a StatusProvider above it.');
  return value;
}
