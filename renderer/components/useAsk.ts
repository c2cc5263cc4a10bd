// A request to main that answers data or a problem: its state for a screen, and the function that makes it.
import { useCallback, useEffect, useState } from 'react';
import type { Bridge, RequestChannel, RequestResults } from '../../shared/ipc.ts';
import type { Problem } from '../../shared/errors.ts';
import { useBridge } from './bridge.tsx';
import { problemOf } from './problem.ts';

/** The channels that answer `{ok, data}`. */
type Asking = {
  [C in RequestChannel]: RequestResults[C] extends { ok: true; data: unknown } | { ok: false; problem: Problem } ? C : never;
}[RequestChannel];
type Data<C extends Asking> = Extract<RequestResults[C], { ok: true }>['data'];

export interface Asked<C extends Asking> {
  data: Data<C> | undefined;
  problem: Problem | null;
  busy: boolean;
  /** Answers the data, or undefined where there was a problem, which is in `problem` then. */
  ask(...argument: Parameters<Bridge['request']> extends [unknown, ...infer Rest] ? Rest : never): Promise<Data<C> | undefined>;
  reset(): void;
}

interface State<C extends Asking> {
  data: Data<C> | undefined;
  problem: Problem | null;
  busy: boolean;
}

export function useAsk<C extends Asking>(channel: C): Asked<C> {
  const bridge = useBridge();
  const [state, setState] = useState<State<C>>({ data: undefined, problem: null, busy: false });
  const ask: Asked<C>['ask'] = useCallback(
    async (...argument) => {
      setState((before) => ({ ...before, problem: null, busy: true }));
      let problem: Problem;
      try {
        const answer = (await bridge.request(channel, ...(argument as []))) as
          | { ok: true; data: Data<C> }
          | { ok: false; problem: Problem };
        if (answer.ok) {
          setState({ data: answer.data, problem: null, busy: false });
          return answer.data;
        }
        problem = answer.problem;
      } catch (cause) {
        problem = problemOf(cause);
      }
      setState((before) => ({ ...before, problem, busy: false }));
      return undefined;
    },
    [bridge, channel],
  );
  const reset = useCallback(() => setState({ data: undefined, problem: null, busy: false }), []);
  return { ...state, ask, reset };
}

/** Asked when it is first drawn. */
export function useAsked<C extends Asking>(channel: C): Asked<C> {
  const asked = useAsk(channel);
  const { ask } = asked;
  useEffect(() => void ask(), [ask]);
  return asked;
}
