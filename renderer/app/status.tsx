// What main says about the app as a whole, and the person's preferences; both live in main.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { AppStatus, Preferences } from '../../shared/ipc.ts';
import { useBridge } from '../components/bridge.tsx';

const initial: AppStatus = {
  backend: { state: 'starting' },
  session: { state: 'unknown' },
  keychain: true,
  version: '',
  platform: '',
};

interface Status {
  status: AppStatus;
  preferences: Preferences | null;
  /** Shown at once, kept by main. */
  prefer(change: Partial<Preferences>): void;
}
const StatusContext = createContext<Status | null>(null);

export function StatusProvider({ children }: { children: ReactNode }) {
  const bridge = useBridge();
  const [status, setStatus] = useState(initial);
  const [preferences, setPreferences] = useState<Preferences | null>(null);
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
    (change: Partial<Preferences>) => {
      setPreferences((before) => before && { ...before, ...change });
      void bridge.request('preferences:set', change);
    },
    [bridge],
  );
  const value = useMemo(() => ({ status, preferences, prefer }), [status, preferences, prefer]);
  return <StatusContext value={value}>{children}</StatusContext>;
}

export function useStatus(): Status {
  const value = useContext(StatusContext);
  if (!value) throw new Error('useStatus needs a StatusProvider above it.');
  return value;
}
