// Completions of hosted attempts, in groups.
import { atOnce, type Caller, type RunInTenant } from '../platform/tenant-transaction.ts';
import { completeMany, type Completion, type CompletionOutcome } from './complete.ts';
import { createGroup, type Together } from './group.ts';

/** Completions of one transaction at the most. */
const MOST = 200;

export function createCompletions(runInTenant: RunInTenant): Together<Completion & { caller: Caller }, CompletionOutcome> {
  // Each entry says who reported it; the transaction's own caller stands for none of them.
  return createGroup(MOST, (tenant, reports) => runInTenant(tenant, reports[0]!.caller, atOnce((tx) => completeMany(tx, reports))));
}
