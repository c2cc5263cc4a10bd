// Usage: the month against its quota, what was used when and by whom, and the way from any of it to the tasks.
import { Button } from '@mantine/core';
import { IconDownload, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { usageGroups, type UsageGroup } from '../../shared/usage.ts';
import { useApi } from '../app/api.ts';
import { useGo, useRoute } from '../app/routes.ts';
import { useBridge } from '../components/bridge.tsx';
import { ChartCursorProvider } from '../components/chart/index.ts';
import { PageHeader, Screen, Segments } from '../components/layout.tsx';
import { notifyDone, notifyProblem } from '../components/notify.ts';
import { useNow } from '../components/now.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { Breakdown } from './Breakdown.tsx';
import { usageCsv } from './csv.ts';
import { seriesOf } from './groups.ts';
import { labelsFor } from './labels.ts';
import { MetricTiles } from './MetricTiles.tsx';
import { askedMetric, metricWords, shownMetrics, type ShownMetric } from './metrics.ts';
import { QuotaCard } from './QuotaCard.tsx';
import { chosenSearch, namedSearch, rangeLabels, rangeOf, ranges, type RangeName, type Search } from './ranges.ts';
import { UsageChart } from './UsageChart.tsx';
import { useSeries } from './useUsage.ts';
import styles from './usage.module.css';

const rangeOptions = ranges.map((value) => ({ value, label: rangeLabels[value] }));

export function UsageScreen() {
  const go = useGo();
  const { search } = useRoute();
  const api = useApi();
  const queryClient = useQueryClient();
  const now = useNow(60_000);
  // Of a minute the range is the same one, so that what was fetched for it is found again.
  const range = useMemo(() => rangeOf(search, now), [search, now]);
  const shown: ShownMetric = shownMetrics.find((known) => known === search.metric) ?? 'executions';
  const by: UsageGroup = usageGroups.find((known) => known === search.by) ?? 'agent';
  const metric = askedMetric(shown, by);
  const series = useSeries({ range, metric, by });
  const found = series.data;
  const labels = useMemo(() => labelsFor(found?.bucket ?? range.bucket, found?.timeZone ?? range.timeZone), [found?.bucket, found?.timeZone, range]);

  // What fails for one part fails for all as a rule, and is said once.
  const failed = series.error !== null && !found;

  const show = (next: Search, step = false): void => go({ place: 'usage', search: next }, { replace: !step });
  return (
    <Screen>
      <PageHeader
        title="Usage"
        aside={range.name === null && (
          <span className={styles.chosen}>
            <span className="ellipsis">{labels.span({ at: new Date(range.from).toISOString(), until: new Date(range.to).toISOString() })}</span>
            <button type="button" aria-label="Back to 7 days" onClick={() => show(namedSearch(search, '7d'))}><IconX size={11} /></button>
          </span>
        )}
        actions={
          <>
            <Segments label="Span of time" options={rangeOptions} value={range.name ?? ''} onChange={(name) => show(namedSearch(search, name as RangeName))} />
            <ExportButton range={range.name ?? 'span'} found={found} />
          </>
        }
      />
      {failed && <ProblemNotice error={series.error} onRetry={() => void queryClient.refetchQueries(api.usage.pathFilter())} />}
      <div className={styles.content} hidden={failed}>
        <ChartCursorProvider>
          <div className={styles.top}>
            <QuotaCard />
            <MetricTiles
              found={found}
              chosen={shown}
              onChoose={(next) => show({ ...search, metric: next === 'executions' ? undefined : next })}
              compare={range.compare}
              spanWords={labels.span}
            />
          </div>
          <UsageChart
            found={found}
            by={by}
            onGroup={(next) => show({ ...search, by: next === 'agent' ? undefined : next })}
            // A step of its own: Back leads out of the range again.
            onRange={(from, until) => show(chosenSearch(search, range, [from, until]), true)}
            table={search.view === 'table'}
            onTable={(table) => show({ ...search, view: table ? 'table' : undefined })}
            older={series.isPlaceholderData}
          />
        </ChartCursorProvider>
        <div className={styles.breakdowns}>
          <Breakdown by="agent" title="Agents" range={range} metric={askedMetric(shown, 'agent')} />
          <Breakdown by="plan" title="Plans" range={range} metric={askedMetric(shown, 'plan')} />
          <Breakdown by="account" title="Provider accounts" range={range} metric={askedMetric(shown, 'account')} />
          <Breakdown by="state" title="Outcomes" range={range} metric={askedMetric(shown, 'state')} />
        </div>
      </div>
    </Screen>
  );
}

function ExportButton({ range, found }: { range: string; found: ReturnType<typeof useSeries>['data'] }) {
  const bridge = useBridge();
  const [saving, setSaving] = useState(false);
  const save = async (): Promise<void> => {
    if (!found) return;
    setSaving(true);
    try {
      const text = usageCsv(found, seriesOf(found.groupBy, found, metricWords[found.metric]), found.metric);
      const name = `Usage ${range === 'span' ? found.from.slice(0, 10) : rangeLabels[range as RangeName]}.csv`;
      const answer = await bridge.request('table:save', { name, text });
      if (!answer.ok) notifyProblem(answer.problem);
      else if (answer.saved) notifyDone('The figures are saved.');
    } catch (cause) {
      notifyProblem(cause);
    } finally {
      setSaving(false);
    }
  };
  return (
    <Button leftSection={<IconDownload size={14} />} loading={saving} disabled={!found} onClick={() => void save()}>
      Export CSV
    </Button>
  );
}
