// Draws the screen of a path over the fixtures, and tells what was asked of the backend.
import { render } from '@testing-library/react';
import { useStore } from 'zustand';
import type { Me } from '../../shared/identity.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import { createRouteStore, type RouteStore } from '../app/routes.ts';
import { CurrentScreen } from '../app/screens.tsx';
import { createFakeBridge, type Handlers } from '../stories/bridge.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';

function AtPath({ routes }: { routes: RouteStore }) {
  const place = useStore(routes, (state) => state.route.place);
  return <CurrentScreen key={place} place={place} />;
}

export function drawAt(path: string, options: { handlers?: Handlers; me?: Me } = {}) {
  const bridge = createFakeBridge(options.handlers ? { handlers: options.handlers } : {});
  const routes = createRouteStore(path);
  const { unmount } = render(
    <StoryFrame bridge={bridge} routes={routes} story={options.me ? { me: options.me } : {}}>
      <AtPath routes={routes} />
    </StoryFrame>,
  );
  /** The inputs of every call of an operation so far. */
  const calls = (operation: string): unknown[] =>
    bridge.requests.flatMap(([channel, argument]) => {
      const request = argument as RpcRequest;
      return channel === 'rpc' && request.path === operation ? [request.input] : [];
    });
  return { calls, unmount, route: () => routes.getState().route };
}
