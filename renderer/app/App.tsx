// The window: providers around the gate of the session. Nothing here knows a noun.
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import './theme.css';
import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { useEffect, useLayoutEffect, type ReactNode } from 'react';
import type { Bridge, StartState } from '../../shared/ipc.ts';
import { ActionsProvider } from '../components/actions.tsx';
import { BridgeProvider } from '../components/bridge.tsx';
import { SessionGate } from '../session/SessionGate.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { SignedIn } from './SignedIn.tsx';
import { StatusProvider, useStatus } from './status.tsx';
import { cssVariablesResolver, theme } from './theme.ts';
import { WindowActions } from './WindowActions.tsx';

interface AppProps {
  bridge: Bridge;
  start: StartState;
  /** The page before this one went down. */
  crashed?: boolean;
}

export function App({ bridge, start, crashed = false }: AppProps) {
  // The picture that stood here is gone with this first commit, and what replaces it can be used.
  useLayoutEffect(() => {
    document.getElementById('root')?.removeAttribute('inert');
    performance.mark('usable');
  }, []);
  return (
    <BridgeProvider bridge={bridge}>
      <StatusProvider start={start} crashed={crashed}>
        <Themed>
          <ActionsProvider>
            <WindowActions>
              <ErrorBoundary>
                <SessionGate>
                  {(me, confirmed) => (
                    <SignedIn key={`${me.organization.id} ${me.user.id}`} me={me} confirmed={confirmed} />
                  )}
                </SessionGate>
              </ErrorBoundary>
            </WindowActions>
          </ActionsProvider>
        </Themed>
      </StatusProvider>
    </BridgeProvider>
  );
}

function Themed({ children }: { children: ReactNode }) {
  const { preferences, status } = useStatus();
  const { accent, name } = status.connection;
  // The edge has the connection's colour before anybody is signed in; the shell sets the workspace's.
  useEffect(() => {
    if (status.session.state === 'signed_in') return;
    if (accent === null) delete document.documentElement.dataset.accent;
    else document.documentElement.dataset.accent = accent;
    document.title = `Signalbox · ${name}`;
  }, [accent, name, status.session.state]);
  const system = useColorScheme('dark', { getInitialValueInEffect: false });
  const wanted = preferences?.theme ?? 'system';
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      forceColorScheme={wanted === 'system' ? system : wanted}
    >
      {children}
      <Notifications position="bottom-right" limit={3} autoClose={6_000} />
    </MantineProvider>
  );
}
