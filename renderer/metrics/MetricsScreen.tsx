// Live operation: how it stands in words, and every figure over time, moving by the second.
import { Button, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { metricWindows } from '../../shared/metric.ts';
import { useApi } from '../app/api.ts';
import { useGo, useRoute } from '../app/routes.ts';
import { ChartCursorProvider } from '../components/chart/index.ts';
import { PageHeader, Screen, Segments } from '../components/layout.tsx';
import { unlessDialog } from '../components/listKeys.ts';
import { useNow } from '../components/now.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { formatTimeOfDay } from '../components/span.ts';
import { useLive } from '../live/freshness.ts';
import { healthOf } from './health.ts';
import { HealthStrip } from './HealthStrip.tsx';
import { MetricPanel } from './MetricPanel.tsx';
import { panels } from './panels.ts';
import { useChartHeight } from './useChartHeight.ts';
import { minutesOf, useMetrics } from './useMetrics.ts';
import styles from './metrics.module.css';

const labels: Record<(typeof metricWindows)[number], string> = { 5: '5 min', 15: '15 min', 60: '1 h', 360: '6 h', 1_440: '24 h' };
const windows = metricWindows.map((minutes) => ({ value: String(minutes), label: labels[minutes] }));
const views = [
  { value: 'charts', label: 'Charts' },
  { value: 'figures', label: 'Figures' },
] as const;

export function MetricsScreen() {
  const api = useApi();
  const go = useGo();
  const { search } = useRoute();
  const minutes = minutesOf(search['window']);
  const { shown, error, retry, heldAt, toggle } = useMetrics(minutes);
  const paused = useQuery(api.workspace.get.queryOptions({})).data?.paused ?? false;
  const freshness = useLive((state) => state.freshness);
  const now = useNow(10_000);
  const [view, setView] = useState<'charts' | 'figures'>('charts');
  useHotkeys([['p', unlessDialog(toggle)]]);
  const health = shown ? healthOf({ point: shown.present, node: shown.series.node, freshness, paused, now }) : null;
  // The embedded database has one connection, of which there is nothing to watch.
  const drawn = panels.filter(({ id }) => id !== 'connections' || shown?.series.node.database === 'postgres');
  const grid = useRef<HTMLDivElement>(null);
  const height = useChartHeight(grid, drawn.length);
  return (
    <Screen>
      <PageHeader
        title="Live operation"
        aside={heldAt !== null && <span className={styles.held} role="status">held still at {formatTimeOfDay(heldAt)}</span>}
        actions={
          <>
            <Segments label="Show as" options={views} value={view} onChange={(next) => setView(next as typeof view)} />
            <Segments
              label="Window of time"
              options={windows}
              value={String(minutes)}
              onChange={(value) => go({ place: 'metrics', search: value === windows[0]?.value ? {} : { window: value } }, { replace: true })}
            />
            <Tooltip label={heldAt === null ? 'Hold the charts still to look at them (P)' : 'Let them move again (P)'}>
              <Button
                aria-pressed={heldAt !== null}
                leftSection={heldAt === null ? <IconPlayerPause size={14} /> : <IconPlayerPlay size={14} />}
                onClick={toggle}
              >
                {heldAt === null ? 'Hold' : 'Go on'}
              </Button>
            </Tooltip>
          </>
        }
      />
      {error !== null && <ProblemNotice error={error} kept={shown ? 'What you see is from before.' : 'Nothing was changed.'} onRetry={retry} />}
      <HealthStrip health={health} />
      <ChartCursorProvider>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must take the keyboard */}
        <div ref={grid} className={styles.grid} tabIndex={0} role="region" aria-label="Charts">
          {shown
            ? drawn.map((panel) => <MetricPanel key={panel.id} panel={panel} window={shown.window} windowMinutes={minutes} view={view} height={height} />)
            : error === null && drawn.map(({ id, title }) => (
                <section key={id} className={styles.panel} aria-label={title} aria-busy>
                  <div className={styles.panelHead}><h2 className="ellipsis">{title}</h2></div>
                  <div className={styles.skeleton} style={{ height }} />
                </section>
              ))}
        </div>
      </ChartCursorProvider>
    </Screen>
  );
}
