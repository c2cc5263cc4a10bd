// Everything that a screen or a component expects above it, over a fake bridge and a time that stands still.
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { createApi, createQueryClient, ApiProvider } from '../app/api.ts';
import { MeProvider } from '../app/me.tsx';
import { createRouteStore, formatRoute, RouteProvider, type RouteStore } from '../app/routes.ts';
import { StatusProvider } from '../app/status.tsx';
import { cssVariablesResolver, theme } from '../app/theme.ts';
import { WindowActions } from '../app/WindowActions.tsx';
import { ActionsProvider } from '../components/actions.tsx';
import { BridgeProvider } from '../components/bridge.tsx';
import { createDraftStore, DraftProvider } from '../components/draft.ts';
import { NowProvider } from '../components/now.tsx';
import { UndoProvider } from '../components/undo.tsx';
import { createLiveStore, LiveProvider } from '../live/freshness.ts';
import { createFakeBridge, type FakeBridge } from './bridge.ts';
import { me, NOW, overview } from './fixtures.ts';
import type { StoryState } from './story.ts';

const PLAIN: StoryState = {};
const now = (): number => NOW;

interface StoryFrameProps {
  story?: StoryState;
  colors?: 'dark' | 'light';
  /** For tests that look at what was asked, or where the window went. */
  bridge?: FakeBridge;
  routes?: RouteStore;
  children: ReactNode;
}

export function StoryFrame({ story = PLAIN, colors = 'dark', children, ...given }: StoryFrameProps) {
  const [bridge] = useState(() => given.bridge ?? createFakeBridge(bridgeOptions(story, colors)));
  const [queryClient] = useState(() => {
    const client = createQueryClient();
    client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
    return client;
  });
  const [api] = useState(() => createApi(bridge, queryClient));
  const [routes] = useState(() => given.routes ?? createRouteStore(story.path ?? '/overview'));
  const [drafts] = useState(() => {
    const keep = (name: string, text: string | null): void => void bridge.request('drafts:keep', { name, text });
    const store = createDraftStore(() => formatRoute(routes.getState().route), keep);
    story.drafts?.forEach(store.keep);
    return store;
  });
  const [live] = useState(() =>
    createLiveStore({
      freshness: story.freshness ?? { state: 'live', seq: overview.seq, roundTripMs: 40 },
      seq: overview.seq,
      metrics: story.metrics ?? null,
      samples: story.samples ?? [],
    }),
  );
  return (
    <BridgeProvider bridge={bridge}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} forceColorScheme={colors}>
        <NowProvider value={now}>
          <StatusProvider>
            <ActionsProvider>
              <WindowActions>
                <QueryClientProvider client={queryClient}>
                  <ApiProvider value={api}>
                    <MeProvider value={story.me ?? me}>
                      <RouteProvider value={routes}>
                        <UndoProvider>
                          <DraftProvider value={drafts}>
                            <LiveProvider value={live}>{children}</LiveProvider>
                          </DraftProvider>
                        </UndoProvider>
                      </RouteProvider>
                    </MeProvider>
                  </ApiProvider>
                </QueryClientProvider>
              </WindowActions>
            </ActionsProvider>
          </StatusProvider>
          <Notifications />
        </NowProvider>
      </MantineProvider>
    </BridgeProvider>
  );
}

export function bridgeOptions(story: StoryState, colors: 'dark' | 'light') {
  return {
    handlers: story.handlers,
    keeping: story.keeping,
    status: { session: { state: 'signed_in' as const, me: story.me ?? me, remembered: true }, ...story.status },
    preferences: { theme: colors, ...story.preferences },
    connections: story.connections,
    connect: story.connect,
  };
}
