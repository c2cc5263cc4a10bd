// A signed-in window: its own query cache, live stream and history, gone when somebody else signs in.
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Me } from '../../shared/identity.ts';
import { useBridge } from '../components/bridge.tsx';
import { createLiveCache } from '../live/cache.ts';
import { connectLive } from '../live/connect.ts';
import { createLiveStore, LiveProvider } from '../live/freshness.ts';
import { ApiProvider, createApi, createQueryClient } from './api.ts';
import { MeProvider } from './me.tsx';
import { createRouteStore, hashOf, pathOf, RouteProvider } from './routes.ts';
import { CurrentScreen, loadScreensWhenIdle } from './screens.tsx';
import { Shell } from './Shell.tsx';

export function SignedIn({ me }: { me: Me }) {
  const bridge = useBridge();
  const [queryClient] = useState(createQueryClient);
  const [api] = useState(() => createApi(bridge, queryClient));
  const [live] = useState(createLiveStore);
  const [routes] = useState(() => createRouteStore(pathOf(window.location.hash)));

  useEffect(() => connectLive(bridge, live, createLiveCache(queryClient)), [bridge, live, queryClient]);
  useEffect(loadScreensWhenIdle, []);
  useEffect(() => {
    const keepPlace = (): void => window.history.replaceState(null, '', hashOf(routes.getState().route));
    keepPlace();
    const stops = [
      bridge.on('menu:go', (path) => routes.getState().go(path)),
      bridge.on('menu:import-plan', () => routes.getState().go({ place: 'plans', search: { import: '1' } })),
      routes.subscribe(keepPlace),
    ];
    return () => stops.forEach((stop) => stop());
  }, [bridge, routes]);

  const place = useStore(routes, (state) => state.route.place);
  return (
    <QueryClientProvider client={queryClient}>
      <ApiProvider value={api}>
        <MeProvider value={me}>
          <RouteProvider value={routes}>
            <LiveProvider value={live}>
              <Shell>
                <CurrentScreen key={place} place={place} />
              </Shell>
            </LiveProvider>
          </RouteProvider>
        </MeProvider>
      </ApiProvider>
    </QueryClientProvider>
  );
}
