// Usage: what other nouns may use, and the handlers of its operations.
import type { usageOperations } from '../../shared/usage.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { readUsage } from './quota.ts';

export { periodEnd, periodOf, quotaExceeded, readUsage, reserveExecutions, settleUsage } from './quota.ts';

export const usageHandlers: HandlersOf<typeof usageOperations> = {
  month: inTenant((tx) => readUsage(tx)),
};
