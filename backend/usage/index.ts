// Usage: what other nouns may use, and the handlers of its operations.
import type { usageOperations } from '../../shared/usage.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { readForecast } from './forecast.ts';
import { readUsage } from './quota.ts';
import { readBreakdown, readSeries } from './read.ts';

export { periodEnd, periodOf, quotaExceeded, readUsage, reserveExecutions } from './quota.ts';
export { recordAttempt, recordExecution, settleUsage, type EndedAttempt } from './record.ts';

export const usageHandlers: HandlersOf<typeof usageOperations> = {
  month: inTenant((tx) => readUsage(tx)),
  series: inTenant(readSeries),
  breakdown: inTenant(readBreakdown),
  forecast: inTenant(readForecast),
};
