// Usage in every state in which a person meets it.
import { emptyWorkspace, failing, pending } from '../stories/bridge.ts';
import { meAs, usage } from '../stories/fixtures.ts';
import { usageForecast, usageSeries, usageShares } from '../stories/usage.ts';
import { defineStories } from '../stories/story.ts';

const fail = failing('unavailable', 'The backend does not answer.');
const near = { ...usage, executions: 24_310, quota: { ...usage.quota, used: 24_310, remaining: 690 } };
const usedUp = { ...usage, executions: 25_000, quota: { ...usage.quota, used: 25_000, remaining: 0 } };
const unlimited = { ...usage, executions: 1_204_118, quota: { ...usage.quota, limit: null, used: 1_204_118, remaining: null } };

export const stories = defineStories('usage', {
  some: { path: '/usage' },
  today: { path: '/usage?range=today&metric=seconds' },
  month: { path: '/usage?range=month&metric=cost&by=plan' },
  year: { path: '/usage?range=12m&metric=tokens&by=none' },
  outcomes: { path: '/usage?range=30d&by=state' },
  providers: { path: '/usage?range=month&metric=cost&by=account' },
  span: { path: '/usage?from=2026-11-19T06:00:00Z&to=2026-11-20T12:00:00Z' },
  table: { path: '/usage?range=30d&view=table' },
  many: {
    path: '/usage?range=30d',
    handlers: { 'usage.series': (input) => usageSeries(input, 60), 'usage.breakdown': (input) => usageShares(input, 60) },
  },
  'nearly out': {
    path: '/usage?range=month',
    handlers: {
      'usage.month': () => near,
      'usage.forecast': () => ({ ...usageForecast, used: 24_310, executions: { expected: 31_402, low: 29_812, high: 33_120 }, runsOutAt: '2026-11-21T13:00:00.000Z', runsOutEarliestAt: '2026-11-20T22:00:00.000Z' }),
    },
  },
  'used up': {
    path: '/usage?range=month',
    handlers: { 'usage.month': () => usedUp, 'usage.forecast': () => ({ ...usageForecast, used: 25_000, executions: { expected: 31_402, low: 29_812, high: 33_120 }, runsOutEarliestAt: null }) },
  },
  unlimited: {
    path: '/usage',
    handlers: { 'usage.month': () => unlimited, 'usage.forecast': () => ({ ...usageForecast, limit: null, used: 1_204_118, executions: { expected: 1_790_400, low: 1_702_000, high: 1_880_000 }, runsOutEarliestAt: null }) },
  },
  'too little history': {
    path: '/usage',
    handlers: { 'usage.forecast': () => ({ ...usageForecast, days: 1, method: null, executions: null, costUsd: null, runsOutEarliestAt: null }) },
  },
  viewer: { path: '/usage', me: meAs('viewer') },
  empty: { path: '/usage', handlers: emptyWorkspace },
  loading: { path: '/usage', handlers: { 'usage.month': pending, 'usage.series': pending, 'usage.breakdown': pending, 'usage.forecast': pending } },
  failing: { path: '/usage', handlers: { 'usage.month': fail, 'usage.series': fail, 'usage.breakdown': fail, 'usage.forecast': fail } },
});
