// What stands behind an operation: a handler in the tenant transaction, or, for the few that begin before there
// is a tenant or that wait, one that opens transactions itself.
import type { z } from 'zod';
import type { Operation } from '../../../shared/operation.ts';
import type { TenantTransaction } from '../tenant-transaction.ts';
import type { Credential } from './credential.ts';

/** One request as it came through any door. */
export interface Request {
  credential: Credential | null;
  /** IP address of the caller. */
  origin: string;
  idempotencyKey?: string;
  /** Aborts when the caller is gone. */
  signal: AbortSignal;
}
export interface SignedInRequest extends Request {
  credential: Credential;
}

type Input<O extends Operation> = z.output<O['input']>;
type Output<O extends Operation> = z.input<O['output']>;

export type InTenant<O extends Operation = Operation> = {
  where: 'tenant';
  /** Its first statement goes out with the beginning of the transaction. */
  atOnce?: boolean;
  run(tx: TenantTransaction, input: Input<O>, request: SignedInRequest): Promise<Output<O>>;
};
export type OnPlatform<O extends Operation = Operation> = {
  where: 'platform';
  run(request: Request, input: Input<O>): Promise<Output<O>>;
};
export type Handler<O extends Operation = Operation> = InTenant<O> | OnPlatform<O>;

/** The handlers of a noun: one for each operation it declares; a missing one does not compile. */
export type HandlersOf<Verbs extends Record<string, Operation>> = { [V in keyof Verbs]: Handler<Verbs[V]> };
export type AllHandlers<Table extends Record<string, Record<string, Operation>>> = {
  [Noun in keyof Table]: HandlersOf<Table[Noun]>;
};

/** A handler that runs in the caller's tenant transaction. */
export function inTenant<O extends Operation>(run: InTenant<O>['run']): InTenant<O> {
  return { where: 'tenant', run };
}
/** One that asks for no time of the transaction before a statement of its own was answered: a round trip less. */
export function inTenantAtOnce<O extends Operation>(run: InTenant<O>['run']): InTenant<O> {
  return { where: 'tenant', atOnce: true, run };
}
/** A handler that opens its transactions itself. */
export function onPlatform<O extends Operation>(run: OnPlatform<O>['run']): OnPlatform<O> {
  return { where: 'platform', run };
}
