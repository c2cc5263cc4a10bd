// The chosen metric over time, in a stack by agent, plan or outcome, or the same as a table.
import { UnstyledButton } from '@mantine/core';
import { IconChartBar, IconTable } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { UsageGroup, UsageSeries } from '../../shared/usage.ts';
import { useGo } from '../app/routes.ts';
import { ChartTable, Legend, TimeChart, type ChartPoint } from '../components/chart/index.ts';
import { Panel, Segments } from '../components/layout.tsx';
import { SimulatedMark } from '../components/values.tsx';
import { seriesOf } from './groups.ts';
import { labelsFor, zoneWords } from './labels.ts';
import { tasksBehind } from './links.ts';
import { metricWords, tileValue, units } from './metrics.ts';
import styles from './usage.module.css';

const groupings: readonly { value: UsageGroup; label: string }[] = [
  { value: 'none', label: 'All' },
  { value: 'agent', label: 'By agent' },
  { value: 'plan', label: 'By plan' },
  { value: 'account', label: 'By provider' },
  { value: 'state', label: 'By outcome' },
];
const byWords: Record<UsageGroup, string> = { none: '', agent: ' by agent', plan: ' by plan', account: ' by provider account', state: ' by outcome' };
const HEIGHT = 214;

interface UsageChartProps {
  found: UsageSeries | undefined;
  by: UsageGroup;
  onGroup(by: UsageGroup): void;
  onRange(from: string, until: string): void;
  table: boolean;
  onTable(table: boolean): void;
  /** What is drawn is of another choice; the answer for this one is on its way. */
  older: boolean;
}

export function UsageChart({ found, by, onGroup, onRange, table, onTable, older }: UsageChartProps) {
  return (
    <Panel
      label="Usage over time"
      title={found ? `${metricWords[found.metric]}${byWords[found.groupBy]}` : 'Usage over time'}
      aside={
        <span className={styles.chartActions}>
          <Segments label="Grouped" options={groupings} value={by} onChange={(value) => onGroup(value as UsageGroup)} />
          <UnstyledButton className={styles.viewSwitch} onClick={() => onTable(!table)}>
            {table ? <IconChartBar size={14} aria-hidden /> : <IconTable size={14} aria-hidden />}
            {table ? 'Show as chart' : 'Show as table'}
          </UnstyledButton>
        </span>
      }
    >
      {found ? (
        <div key="drawn" className={styles.chartBody} data-older={older || undefined} aria-busy={older}>
          <Drawn found={found} table={table} onRange={onRange} />
        </div>
      ) : (
        <div key="skeleton" className={styles.chartSkeleton} style={{ height: HEIGHT }} aria-hidden />
      )}
    </Panel>
  );
}

function Drawn({ found, table, onRange }: { found: UsageSeries; table: boolean; onRange: UsageChartProps['onRange'] }) {
  const go = useGo();
  const { bucket, timeZone, metric, groupBy } = found;
  const labels = useMemo(() => labelsFor(bucket, timeZone), [bucket, timeZone]);
  const series = useMemo(() => seriesOf(groupBy, found, metricWords[metric]), [groupBy, found, metric]);
  const unit = units[metric];
  const points: readonly ChartPoint[] = found.points;
  const none = found.points.every((point) => point.values.every((value) => value === 0));
  const label = `${metricWords[metric]}${byWords[groupBy]}, by the ${bucket}`;
  return (
    <>
      {groupBy !== 'none' && found.groups.length > 0 && (
        <Legend
          label="Colours"
          items={series.map((one, index) => ({
            ...one,
            value: tileValue(metric, found.groups[index]?.total ?? 0),
            tag: groupBy !== 'state' && found.groups[index]?.simulated ? <SimulatedMark /> : undefined,
          }))}
        />
      )}
      {table ? (
        <ChartTable label={label} {...{ points, series, unit }} spanWords={labels.span} sum height={HEIGHT} />
      ) : (
        <div className={styles.chartBox}>
          <TimeChart
            label={label}
            kind="bars"
            {...{ points, series, unit, onRange }}
            height={HEIGHT}
            axisTime={labels.axis}
            spanWords={labels.span}
            hint="Click for the tasks, drag for a range"
            onOpen={(point, part) => go(tasksBehind({ from: point.at, until: point.until, metric, by: groupBy, key: part?.key ?? null }))}
          />
          {none && (
            <p className={styles.nothing}>
              Nothing was used in this time. What agents use stands here from the moment they claim their first task.
            </p>
          )}
        </div>
      )}
      <p className={styles.note}>
        <span className={styles.keys}>← and → move, Shift with them selects a range, ↑ and ↓ choose a part, Enter opens the tasks.</span>
        <span className={styles.counted}>
        {metric === 'attempts' && groupBy === 'state' && 'An execution has no outcome of its own: its attempts have. '}
        {metric === 'executions' ? 'An execution counts when its task is first claimed. ' : 'An attempt counts when it ends. '}
        {zoneWords(bucket, timeZone)}
        </span>
      </p>
    </>
  );
}
