// Billing: the plan of the organisation and the limits that come with it.
import { planLimits, type billingOperations } from '../../shared/billing.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { readWorkspace } from '../workspace/index.ts';

/** The first moment of the next calendar month in UTC: quotas count by it. */
function nextMonth(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString();
}

export const billingHandlers: HandlersOf<typeof billingOperations> = {
  subscription: inTenant(async (tx) => {
    const { plan } = await readWorkspace(tx);
    return { plan, status: 'active', currentPeriodEnd: nextMonth(tx.now), limits: planLimits[plan] };
  }),
};
