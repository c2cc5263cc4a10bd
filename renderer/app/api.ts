// The renderer's tRPC client: every call goes to the main process over the bridge, none to the network.
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, TRPCClientError, type TRPCClient, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { createContext, useContext } from 'react';
import { AppError, toProblem, type Problem } from '../../shared/errors.ts';
import type { Bridge, RpcResponse } from '../../shared/ipc.ts';
import { problemOf } from '../components/problem.ts';
import { createGate, type Gate } from '../live/gate.ts';
import type { AppRouter } from '../../backend/router.ts';

/** `useQuery(api.tasks.get.queryOptions({ id }))`, `useMutation(api.tasks.retry.mutationOptions())`. */
export type Api = TRPCOptionsProxy<AppRouter>;

const STILL_CONNECTING = 'Signalbox is still connecting. Nothing was changed; try again in a moment.';

/** A TRPCClientError that carries the problem document in `data.problem`. */
function errorOf(problem: Problem): TRPCClientError<AppRouter> {
  return TRPCClientError.from<AppRouter>({
    error: { code: -32_000, message: problem.detail, data: { problem } },
  });
}

/** The link: `{path, type, input}` to main; `{ok: false, problem}` becomes an error that carries it. */
export function bridgeLink(bridge: Bridge, gate: Gate = createGate(true)): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        if (op.type === 'subscription') {
          observer.error(errorOf(toProblem(new AppError('internal', 'Subscriptions come over the live port.'))));
          return;
        }
        if (op.type === 'mutation' && !gate.isOpen) {
          observer.error(errorOf(toProblem(new AppError('unavailable', STILL_CONNECTING, { details: { reason: 'connecting' } }))));
          return;
        }
        let open = true;
        const answer = (response: RpcResponse): void => {
          if (!open) return;
          if (response.ok) {
            observer.next({ result: { type: 'data', data: response.data } });
            observer.complete();
          } else observer.error(errorOf(response.problem));
        };
        const { path, type, input } = op;
        const ask = (): Promise<RpcResponse> => bridge.request('rpc', { path, type, input });
        (gate.isOpen ? ask() : gate.opened.then(ask)).then(answer, (cause: unknown) => {
          if (open) observer.error(errorOf(problemOf(cause)));
        });
        return () => {
          open = false;
        };
      });
}

export function createApiClient(bridge: Bridge, gate?: Gate): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({ links: [bridgeLink(bridge, gate)] });
}

/** Server state: kept fresh by the live stream, so nothing is fetched again for its age or for focus. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        networkMode: 'always',
        retry: (failures, error) => failures < 2 && ['unavailable', 'internal'].includes(problemOf(error).code),
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** `gate`: holds what is asked until it opens; open when none is given. */
export function createApi(bridge: Bridge, queryClient: QueryClient, gate?: Gate): Api {
  return createTRPCOptionsProxy<AppRouter>({ client: createApiClient(bridge, gate), queryClient });
}

const ApiContext = createContext<Api | null>(null);
export const ApiProvider = ApiContext.Provider;

/** The typed proxy for TanStack Query. */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error('useApi needs an ApiProvider above it.');
  return api;
}
