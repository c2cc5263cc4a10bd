// Who used how much: agents, plans or outcomes, the most first, each leading to its tasks.
import { UnstyledButton } from '@mantine/core';
import type { UsageMetric, UsagePart, UsageShare } from '../../shared/usage.ts';
import type { AttemptOutcome } from '../../shared/task.ts';
import { Link } from '../app/Link.tsx';
import { formatCount, formatDuration, formatMoney } from '../components/format.ts';
import { Panel } from '../components/layout.tsx';
import { outcomeState } from '../components/outcome.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { SimulatedMark } from '../components/values.tsx';
import { groupName } from './groups.ts';
import { tasksBehind } from './links.ts';
import { metricWords, tileValue, valueOf } from './metrics.ts';
import type { Range } from './ranges.ts';
import { useShares } from './useUsage.ts';
import styles from './usage.module.css';

interface BreakdownProps {
  by: UsagePart;
  title: string;
  range: Range;
  metric: UsageMetric;
}

const others: readonly { metric: UsageMetric; header: string; cell(row: UsageShare): string }[] = [
  { metric: 'executions', header: 'Executions', cell: (row) => formatCount(row.executions) },
  { metric: 'seconds', header: 'Run time', cell: (row) => formatDuration(row.executionSeconds) },
  { metric: 'tokens', header: 'Tokens', cell: (row) => tileValue('tokens', row.inputTokens + row.outputTokens) },
  { metric: 'cost', header: 'Cost', cell: (row) => formatMoney(row.costUsd) },
];

export function Breakdown({ by, title, range, metric }: BreakdownProps) {
  const shares = useShares({ range, metric, by });
  // Those that say something else than what the rows are ordered by.
  const columns = others.filter((column) => column.metric !== metric && !(by === 'state' && column.metric === 'executions'));
  return (
    <Panel title={title} label={title} aside={<span className={styles.sharesOf}>{metricWords[metric]}</span>}>
      {shares.error !== null && !shares.rows && <ProblemNotice error={shares.error} onRetry={shares.retry} />}
      {shares.rows?.length === 0 && <p className={styles.noRows}>Nothing was used in this time.</p>}
      {!shares.rows && shares.error === null && <div className={styles.rowsSkeleton} aria-hidden />}
      {shares.rows && shares.rows.length > 0 && (
        <table className={styles.shares}>
          <thead className={`hidden-visually ${styles.sharesHead}`}>
            <tr>
              <th scope="col"><span className="hidden-visually">{title}</span></th>
              <th scope="col">{metricWords[metric]}</th>
              <th scope="col">Share</th>
              {columns.map((column) => <th key={column.header} scope="col">{column.header}</th>)}
            </tr>
          </thead>
          <tbody>
            {shares.rows.map((row) => (
              <tr key={row.key}>
                <th scope="row" style={{ '--share': `${row.share * 100}%` } as React.CSSProperties}>
                  <span className={styles.shareName}>
                    {by === 'state' && <StateShape state={outcomeState(row.key as AttemptOutcome)} />}
                    <Link
                      className="ellipsis"
                      title={groupName(by, row)}
                      to={tasksBehind({ from: new Date(range.from).toISOString(), until: new Date(range.to).toISOString(), metric, by, key: row.key })}
                    >
                      {groupName(by, row)}
                    </Link>
                    {by !== 'state' && row.simulated && <SimulatedMark />}
                  </span>
                </th>
                <td><b>{tileValue(metric, valueOf(row, metric))}</b></td>
                <td className="faint">{percent(row.share)}</td>
                {columns.map((column) => <td key={column.header} className={styles.otherFigure} title={column.header}>{column.cell(row)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shares.hasMore && <UnstyledButton className={styles.more} onClick={shares.more}>Show more</UnstyledButton>}
    </Panel>
  );
}

function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1%';
  return `${Math.round(share * 100)}%`;
}
