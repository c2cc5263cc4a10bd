// The groups of a chart as series: what they are called and which colour they have.
import type { UsageGroup, UsageSeries } from '../../shared/usage.ts';
import type { AttemptOutcome } from '../../shared/task.ts';
import { chartColor, restColor, type ChartSeries } from '../components/chart/index.ts';
import { stateColors } from '../components/state.ts';
import { outcomeState, outcomeWords } from '../components/outcome.ts';

/** What a group is called that has no name of its own. */
export function groupName(by: UsageGroup, group: { key: string; name: string | null }): string {
  if (group.key === 'other') return 'Others';
  if (by === 'state') return outcomeWords[group.key as AttemptOutcome] ?? group.key;
  if (group.key === 'none') return by === 'account' ? 'External agents' : 'No plan';
  return group.name ?? { agent: 'A former agent', plan: 'A former plan', account: 'A former account', none: '' }[by];
}

/** A state has its own colour everywhere; what was lost for want of a heartbeat is drawn broken beside what failed. */
function colorOf(by: UsageGroup, key: string, index: number): string {
  if (key === 'other') return restColor;
  if (by !== 'state') return chartColor(index);
  return key === 'lease_expired' ? 'var(--retry)' : key === 'released' ? restColor : stateColors[outcomeState(key as AttemptOutcome)];
}

export function seriesOf(by: UsageGroup, found: UsageSeries, all: string): ChartSeries[] {
  if (found.groups.length === 0) return [{ key: 'all', label: all, color: chartColor(0) }];
  return found.groups.map((group, index) => ({ key: group.key, label: groupName(by, group), color: colorOf(by, group.key, index) }));
}
