// A signed-in window: its own query cache, live stream and history, gone when somebody else signs in.
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Me } from '../../shared/identity.ts';
import type { Bridge } from '../../shared/ipc.ts';
import { useBridge } from '../components/bridge.tsx';
import { createDraftStore, DraftProvider, flushWhenLeft, type Beyond } from '../components/draft.ts';
import { NowProvider } from '../components/now.tsx';
import { healWhenLive } from '../live/heal.ts';
import { UndoProvider } from '../components/undo.tsx';
import { createLiveStore, LiveProvider } from '../live/freshness.ts';
import { createGate } from '../live/gate.ts';
import { putBack } from '../live/shown.ts';
import { ApiProvider, createApi, createQueryClient } from './api.ts';
import { useKeepShown, useLiveStream } from './lastShown.ts';
import { MeProvider } from './me.tsx';
import { createRouteStore, formatRoute, hashOf, pathOf, RouteProvider } from './routes.ts';
import { CurrentScreen, loadScreensWhenIdle } from './screens.tsx';
import { takeOldNotes } from './oldNotes.ts';
import { useServerNow } from './serverNow.ts';
import { Shell } from './Shell.tsx';
import { useStatus } from './status.tsx';

/** One that main refuses, as it is too long, is kept for as long as the page is there. */
function keeping(bridge: Bridge): Beyond {
  return (name, text) => void bridge.request('drafts:keep', { name, text }).catch(() => undefined);
}

interface SignedInProps {
  me: Me;
  /** False: what was shown last stands here until the session is taken up again. */
  confirmed: boolean;
}

export function SignedIn({ me, confirmed }: SignedInProps) {
  const bridge = useBridge();
  const { shown } = useStatus();
  const [parts] = useState(() => {
    const gate = createGate(confirmed);
    const queryClient = createQueryClient();
    if (shown !== null) putBack(queryClient, shown);
    return { bridge, gate, queryClient, live: createLiveStore({ asOf: shown?.at ?? null }) };
  });
  const { queryClient, live, gate } = parts;
  const [api] = useState(() => createApi(bridge, queryClient, gate));
  const [routes] = useState(() => createRouteStore(pathOf(window.location.hash)));

  const [drafts] = useState(() =>
    createDraftStore(() => formatRoute(routes.getState().route), keeping(bridge)),
  );
  // What was half written when the page went down, or a window was closed, is offered: here, in the next one, at the next start.
  useEffect(() => {
    if (!confirmed) return;
    for (const draft of drafts.getState().kept) keeping(bridge)(draft.name, JSON.stringify(draft));
    takeOldNotes(me.user.id, drafts);
    const take = (): void => void bridge.request('drafts:take').then(drafts.offer);
    take();
    return bridge.on('drafts:left', take);
  }, [bridge, drafts, confirmed, me.user.id]);

  useEffect(() => flushWhenLeft(drafts), [drafts]);

  useLiveStream(parts, confirmed);
  useKeepShown(parts);
  // Not beside what the first frame needs.
  useEffect(() => (confirmed ? loadScreensWhenIdle() : undefined), [confirmed]);
  const now = useServerNow();
  useEffect(() => healWhenLive(live, queryClient), [live, queryClient]);
  useEffect(() => {
    const keepPlace = (): void => window.history.replaceState(null, '', hashOf(routes.getState().route));
    keepPlace();
    const stops = [
      bridge.on('menu:go', (path) => routes.getState().go(path)),
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
              <NowProvider value={now}>
                <UndoProvider>
                  <DraftProvider value={drafts}>
                    <Shell>
                      <CurrentScreen key={place} place={place} />
                    </Shell>
                  </DraftProvider>
                </UndoProvider>
              </NowProvider>
            </LiveProvider>
          </RouteProvider>
        </MeProvider>
      </ApiProvider>
    </QueryClientProvider>
  );
}
