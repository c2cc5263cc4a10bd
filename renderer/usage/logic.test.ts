// Usage without a screen: spans and what they are compared with, words, links, and the table of values.
import { describe, expect, test } from 'vitest';
import { parseSpan } from '../../shared/schema.ts';
import { startOfDay } from '../components/span.ts';
import { usageForecast, usageSeries } from '../stories/usage.ts';
import { usageCsv } from './csv.ts';
import { groupName, seriesOf } from './groups.ts';
import { labelsFor } from './labels.ts';
import { tasksBehind } from './links.ts';
import { askedMetric, changeWords, metricWords, tileValue } from './metrics.ts';
import { expectedWords, levelOf, methodWords, roundCount, runOutWords } from './quota.ts';
import { bucketFor, chosenSearch, namedSearch, rangeOf, ranges } from './ranges.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.parse('2026-11-20T17:42:10Z');
const iso = (time: number): string => new Date(time).toISOString();

describe('a range', () => {
  test('holds now, and ends with the day or the month', () => {
    for (const name of ranges) {
      const { from, to } = rangeOf({ range: name }, now);
      expect(from).toBeLessThanOrEqual(now);
      expect(to).toBeGreaterThan(now);
    }
    expect(rangeOf({ range: 'today' }, now)).toMatchObject({ from: startOfDay(now), to: startOfDay(now, 1), bucket: 'hour' });
    expect(rangeOf({ range: 'month' }, now)).toMatchObject({ from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1), bucket: 'day', timeZone: 'UTC' });
    expect(rangeOf({ range: '12m' }, now)).toMatchObject({ from: Date.UTC(2025, 11, 1), to: Date.UTC(2026, 11, 1), bucket: 'month' });
    expect(rangeOf({ range: 'for ever' }, now).name).toBe('7d');
  });

  test('is compared with as much of the span before as has gone of this one', () => {
    const today = rangeOf({ range: 'today' }, now);
    expect(today.compare).toMatchObject({ from: startOfDay(now, -1), to: startOfDay(now, -1) + Math.ceil((now - startOfDay(now)) / HOUR) * HOUR });
    const month = rangeOf({ range: 'month' }, Date.parse('2026-03-31T12:00:00Z'));
    // February is over before it would be as long.
    expect(month.compare).toMatchObject({ from: Date.UTC(2026, 1, 1), to: Date.UTC(2026, 2, 1), words: 'February by now' });
  });

  test('that was chosen stands in the search, in its zone, until a name is', () => {
    const month = rangeOf({ range: 'month' }, now);
    const search = chosenSearch({ range: 'month', metric: 'cost' }, month, ['2026-11-02T00:00:00.000Z', '2026-11-04T00:00:00.000Z']);
    expect(search).toEqual({ metric: 'cost', from: '2026-11-02T00:00:00.000Z', to: '2026-11-04T00:00:00.000Z', zone: 'UTC' });
    const chosen = rangeOf(search, now);
    expect(chosen).toMatchObject({ name: null, bucket: 'hour', timeZone: 'UTC', compare: { from: Date.UTC(2026, 9, 31), to: Date.UTC(2026, 10, 2) } });
    expect(namedSearch(search, '30d')).toEqual({ metric: 'cost', range: '30d' });
    expect(rangeOf({ from: '2026-11-04T00:00:00Z', to: '2026-11-02T00:00:00Z' }, now).name).toBe('7d');
  });

  test('is cut so that it reads', () => {
    expect([HOUR, 3 * DAY, 4 * DAY, 92 * DAY, 200 * DAY].map((length) => bucketFor(now, now + length))).toEqual(['hour', 'hour', 'day', 'day', 'month']);
  });
});

describe('words', () => {
  test('of times, in the zone of the chart', () => {
    const hour = labelsFor('hour', 'Europe/Berlin');
    expect(hour.axis({ at: '2026-11-20T14:00:00Z' })).toBe('15:00');
    expect(hour.axis({ at: '2026-11-19T23:00:00Z' })).toBe('20 Nov');
    expect(hour.span({ at: '2026-11-20T14:00:00Z', until: '2026-11-20T15:00:00Z' })).toBe('20 Nov, 15:00 – 16:00');
    const day = labelsFor('day', 'UTC');
    expect(day.span({ at: '2026-11-20T00:00:00Z', until: '2026-11-21T00:00:00Z' })).toBe('Fri 20 Nov');
    expect(day.span({ at: '2026-11-20T00:00:00Z', until: '2026-11-23T00:00:00Z' })).toBe('Fri 20 Nov – Sun 22 Nov');
    expect(labelsFor('month', 'UTC').span({ at: '2026-11-01T00:00:00Z', until: '2026-12-01T00:00:00Z' })).toBe('Nov 2026');
  });

  test('of a change', () => {
    expect([changeWords(112, 100), changeWords(92, 100), changeWords(100, 100), changeWords(1_200, 100), changeWords(0, 100), changeWords(5, 0)]).toEqual([
      '+12% on', '−8% on', 'the same as', '12 times', '−100% on', null,
    ]);
  });

  test('of figures in a tile', () => {
    expect([tileValue('executions', 18_204), tileValue('seconds', 0), tileValue('tokens', 50_533_982), tileValue('tokens', 9_411), tileValue('cost', 71.48)]).toEqual(['18,204', '0 s', '50.5M', '9,411', '$71.48']);
    expect([askedMetric('executions', 'state'), askedMetric('executions', 'agent'), askedMetric('cost', 'state')]).toEqual(['attempts', 'executions', 'cost']);
  });

  test('of the quota: calm, near and used up, and when', () => {
    const of = (limit: number | null, used: number, runsOutAt: string | null = null) => levelOf({ limit, used, runsOutAt });
    expect([of(null, 9_000), of(1_000, 899), of(1_000, 900), of(1_000, 10, iso(now)), of(1_000, 1_000)]).toEqual(['calm', 'calm', 'near', 'near', 'used_up']);
    expect(runOutWords({ ...usageForecast, runsOutEarliestAt: null })).toBeNull();
    expect(runOutWords(usageForecast)).toMatch(/^Busy days could use it up by Mon 30 Nov/);
    expect(runOutWords({ ...usageForecast, runsOutAt: iso(now + 5 * DAY), runsOutEarliestAt: iso(now + 2 * DAY) })).toMatch(/used up on .*25 Nov, at the earliest on .*22 Nov/);
  });

  test('of a forecast: how it was made, or why there is none', () => {
    expect(methodWords(usageForecast)).toMatch(/each weekday/);
    expect(methodWords({ ...usageForecast, method: null, days: 1 })).toBe('A forecast comes after 3 full days; so far there is 1.');
    expect(methodWords({ ...usageForecast, method: null, days: 0 })).toBe('A forecast comes after 3 full days with work.');
    expect(expectedWords({ expected: 24_104, low: 22_871, high: 25_910 }, roundCount)).toBe('24,100 (22,900 – 25,900)');
    expect(expectedWords({ expected: 40, low: 40, high: 40 }, roundCount)).toBe('40');
  });
});

describe('the way to the tasks', () => {
  const span = { from: '2026-11-20T14:00:00.000Z', until: '2026-11-20T15:00:00.000Z' };

  test('is by first claims for executions and by ends for all else, of the group that was meant', () => {
    const counted = tasksBehind({ ...span, metric: 'executions', by: 'agent', key: 'a' });
    expect(counted).toEqual({ place: 'tasks', search: { counted: '2026-11-20T14:00:00.000Z/2026-11-20T15:00:00.000Z', agentId: 'a' } });
    expect(parseSpan(counted.search?.counted ?? '')).toEqual({ from: span.from, to: span.until });
    expect(tasksBehind({ ...span, metric: 'cost', by: 'plan', key: 'none' }).search).toMatchObject({ ended: expect.any(String), planId: 'none' });
    expect(tasksBehind({ ...span, metric: 'attempts', by: 'state', key: 'failed' }).search).toMatchObject({ outcome: 'failed' });
    expect(tasksBehind({ ...span, metric: 'cost', by: 'account', key: 'none' }).search).toMatchObject({ ended: expect.any(String), accountId: 'none' });
    expect(Object.keys(tasksBehind({ ...span, metric: 'tokens', by: 'agent', key: 'other' }).search ?? {})).toEqual(['ended']);
    expect(Object.keys(tasksBehind({ ...span, metric: 'tokens', by: 'none', key: 'all' }).search ?? {})).toEqual(['ended']);
  });
});

test('groups have names and colours of their own; states have theirs', () => {
  const found = usageSeries({ bucket: 'day', from: iso(now - 7 * DAY), to: iso(now), groupBy: 'state', metric: 'attempts', compareFrom: iso(now - 14 * DAY), compareTo: iso(now - 7 * DAY) });
  const series = seriesOf('state', found, metricWords.attempts);
  expect(series.map(({ label }) => label)).toEqual(['Succeeded', 'Failed', 'Not heard in time', 'Handed off', 'Cancelled']);
  expect(new Set(series.map(({ color }) => color)).size).toBe(5);
  expect(series[0]?.color).toBe('var(--ok)');
  expect([groupName('agent', { key: 'x', name: null }), groupName('plan', { key: 'none', name: null }), groupName('plan', { key: 'other', name: null }), groupName('account', { key: 'none', name: null })])
    .toEqual(['A former agent', 'No plan', 'Others', 'External agents']);
});

test('the table of values has a line for each bucket and a column for each group', () => {
  const found = usageSeries({ bucket: 'day', from: '2026-11-18T00:00:00Z', to: '2026-11-20T00:00:00Z', groupBy: 'agent', metric: 'cost', compareFrom: iso(now), compareTo: iso(now) });
  const [head, first, ...rest] = usageCsv(found, seriesOf('agent', found, metricWords.cost), 'cost').split('\r\n');
  expect(head).toMatch(/^From,To,Executions,Attempts,Run time \(s\),Input tokens,Output tokens,Cost \(USD\),USD: coordinator,.*USD: Others$/);
  expect(first?.split(',').slice(0, 3)).toEqual(['2026-11-18T00:00:00.000Z', '2026-11-19T00:00:00.000Z', String(found.points[0]?.figures.executions)]);
  expect(rest).toHaveLength(2);
});
