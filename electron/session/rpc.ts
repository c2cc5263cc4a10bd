// Which operations a window may call: those of the one table, but never those whose answers carry tokens.
import { allOperations } from '../../shared/operations.ts';
import type { Operation } from '../../shared/operation.ts';
import type { RpcRequest, RpcResponse } from '../../shared/ipc.ts';
import { refused, type BackendClient } from './backend-client.ts';
import type { Session } from './session.ts';

/** The session's own operations go through the `session:` channels, which keep the tokens in main. */
const table = new Map<string, Operation>(
  allOperations.filter(({ noun }) => noun !== 'auth').map(({ name, operation }) => [name, operation]),
);

/** The operation behind a call, or null when a window may not make it. */
export function allowedOperation(request: RpcRequest): Operation | null {
  const operation = table.get(request.path);
  return operation !== undefined && operation.kind === request.type ? operation : null;
}

export interface RpcParts {
  client: BackendClient;
  session: Session;
}

/** Answers one call of a window: the token is added here, and renewed once if the backend refuses it. */
export async function answerRpc({ client, session }: RpcParts, request: RpcRequest): Promise<RpcResponse> {
  const operation = allowedOperation(request);
  if (operation === null) return refused('not_found', 'The window asked for an operation that is not there.');
  if (operation.permission === 'public') return client.call(request, { token: null });
  return session.call(request);
}
