// What is checked of an account's address and key when they are entered.
import { AppError } from '../../shared/errors.ts';
import { isServiceKind, serviceFacts, serviceSettings, type ProviderKind, type ServiceSettings } from '../../shared/provider.ts';
import type { RunInTenant } from '../platform/tenant-transaction.ts';
import type { AccountRow } from './accounts.ts';
import { checkHost, type AddressPolicy } from './addresses.ts';
import { ProviderFault } from './faults.ts';
import type { Keys } from './keys.ts';
import { baseUrlOf } from './models.ts';

export interface ProviderHandlerOptions {
  runInTenant: RunInTenant;
  keys: Keys;
  policy: AddressPolicy;
  /** This node forgets what it counted against an account. */
  forget(accountId: string): void;
}

export function refused(path: string, message: string): AppError {
  return new AppError('validation_failed', `${path}: ${message}`, { details: { fields: [{ path, message }] } });
}

export function keyMissing(message: string): AppError {
  return refused('key', message);
}

/** An address that may not be called is refused when it is entered, not when a task runs. */
export function checkAddress(kind: ProviderKind, service: ServiceSettings, policy: AddressPolicy): void {
  if (!isServiceKind(kind)) return;
  const path = 'service.baseUrl';
  if (service.baseUrl === null && serviceFacts[kind].baseUrl === null) throw refused(path, 'Write the address of the service, such as http://127.0.0.1:11434/v1.');
  try {
    checkHost(new URL(baseUrlOf({ kind, service })).hostname, policy);
  } catch (error) {
    if (error instanceof ProviderFault) throw refused(path, error.message);
    throw error;
  }
}

const originOf = (kind: ProviderKind, service: ServiceSettings): string => (isServiceKind(kind) ? new URL(baseUrlOf({ kind, service })).origin : '');

/** A stored key goes to the address that it was entered for, and to no other: whoever enters another gives it again. */
export function checkSameAddress(before: AccountRow, service: ServiceSettings): void {
  if (before.secret === null) return;
  if (originOf(before.kind, serviceSettings.parse(before.settings)) === originOf(before.kind, service)) return;
  throw keyMissing('Give the key again: it was entered for another address.');
}
