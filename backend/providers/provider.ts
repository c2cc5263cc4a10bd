// What runs a hosted agent: one interface, behind which each kind of provider account stands.
import type { PriceRates } from '../../shared/price.ts';
import type { ProviderKind, ServiceSettings } from '../../shared/provider.ts';
import type { ClaimedTask, AttemptUsage } from '../../shared/work.ts';
import type { Severity } from '../../shared/finding.ts';
import type { FaultCode } from './faults.ts';

export interface AttemptReport {
  progress(report: { percent?: number; message?: string }): Promise<void>;
  finding(report: { title: string; body: string; severity: Severity }): Promise<void>;
  /**
   * What the attempt has used so far (the total): sent with a heartbeat at once, and with each later one. Whoever runs
   * calls it at most once a second or every 1,000 tokens. The signal aborts when the answer says to stop.
   */
  usage(usage: AttemptUsage): Promise<void>;
}

/** A provider account as it was when the attempt was claimed. */
export interface RunAccount {
  id: string;
  tenantId: string;
  name: string;
  kind: ProviderKind;
  /** The simulator's, as its schema has them. */
  settings: unknown;
  /** Of every other kind. */
  service: ServiceSettings;
  /** The key, sealed; null: it has none. */
  secret: Uint8Array | null;
  /** Something is said against it: a run that goes well takes that away. */
  troubled: boolean;
  /** Its breaker is half open: this run is the probe. */
  probing: boolean;
  /** How often in a row it cooled. */
  coolingCount: number;
  breakerEpoch: number;
}

export interface AttemptRun {
  task: ClaimedTask;
  attempt: number;
  agent: { name: string; role: string; instructions: string };
  model: string;
  account: RunAccount;
  /** What the model costs as of the claim; null: no price is known. */
  rates: PriceRates | null;
  /** Aborts when the attempt is cancelled, its lease is lost, or the backend stops. */
  signal: AbortSignal;
  report: AttemptReport;
}

/** What was used, and how that is known. */
export interface HostedUsage extends AttemptUsage {
  estimated?: boolean;
  unpriced?: boolean;
}

/** What an attempt has shown of its account, written down for all nodes before the attempt's end is. */
export type AccountNote =
  | { kind: 'well' }
  | { kind: 'cooling'; reason: 'rate' | 'breaker'; seconds: number | null; code: FaultCode; message: string }
  | { kind: 'refused' | 'failing'; code: FaultCode; message: string };

/** `put_back`: the provider could not take it now; the task is queued again, and no attempt is spent. */
export type AttemptResult = (
  | { kind: 'completed'; output: string; usage: HostedUsage }
  | { kind: 'failed'; error: string; code?: string; retryable: boolean; usage: HostedUsage }
  | { kind: 'handed_off'; notes: string; usage: HostedUsage }
  | { kind: 'put_back'; error: string; code: string; usage: HostedUsage }
) & { note?: AccountNote };

export interface Provider {
  /** Runs one attempt. Throwing is a failed attempt that may be tried again. */
  run(run: AttemptRun): Promise<AttemptResult>;
}
