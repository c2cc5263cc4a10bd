// The keys under which changes are sent. One whose answer was lost goes under the same key when a person sends it
// again, so that it is made once; any other goes under a key of its own.
import { createHash, randomUUID } from 'node:crypto';
import type { RpcRequest, RpcResponse } from '../../shared/ipc.ts';

const MOST = 200;
/** The backend remembers what it answered for two days. */
const KEPT_MS = 24 * 3_600_000;

export interface RepeatKeys {
  /** The key for a change that is sent now; null: a query needs none. */
  take(request: RpcRequest): string | null;
  /** What became of it. */
  settle(request: RpcRequest, key: string | null, response: RpcResponse): void;
  /** Somebody else signs in. */
  clear(): void;
}

export function createRepeatKeys(elapsed: () => number): RepeatKeys {
  const doubtful = new Map<string, { key: string; at: number }>();
  const nameOf = ({ path, input }: RpcRequest) =>
    createHash('sha256').update(`${path} ${JSON.stringify(input) ?? ''}`).digest('base64');
  return {
    take(request) {
      if (request.type === 'query') return null;
      const known = doubtful.size === 0 ? undefined : doubtful.get(nameOf(request));
      return known !== undefined && elapsed() - known.at < KEPT_MS ? known.key : randomUUID();
    },
    settle(request, key, response) {
      if (key === null) return;
      const inDoubt = !response.ok && response.problem.inDoubt === true;
      if (!inDoubt && doubtful.size === 0) return;
      const name = nameOf(request);
      // What was refused before it was sent leaves an older doubt as it is.
      if (inDoubt) doubtful.set(name, { key, at: elapsed() });
      else if (response.ok || response.problem.code !== 'unavailable') doubtful.delete(name);
      if (doubtful.size > MOST) doubtful.delete(doubtful.keys().next().value!);
    },
    clear: () => doubtful.clear(),
  };
}
