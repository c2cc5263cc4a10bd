// The figures above the board, each leading to what it counts.
import type { ReactNode } from 'react';
import type { Overview } from '../../shared/overview.ts';
import { formatSpan } from '../../shared/schema.ts';
import { Link } from '../app/Link.tsx';
import type { Target } from '../app/routes.ts';
import { formatCount, formatDuration, formatMoney, formatPlural } from '../components/format.ts';
import { SimulatedMark } from '../components/values.tsx';
import styles from './overview.module.css';

interface KpisProps {
  figures: Overview['figures'] | undefined;
  /** The month that the executions are of, at this time. */
  at: number;
  /** Some of what was spent is made up. */
  simulated: boolean;
  /** The window of time that is shown, such as "30 min". */
  span: string;
}

export function Kpis({ figures, at, simulated, span }: KpisProps) {
  const month = new Date(at).toLocaleDateString('en', { month: 'long', timeZone: 'UTC' });
  return (
    <section className={styles.kpis} aria-label="Figures" aria-busy={figures === undefined}>
      <Kpi
        label="Busy agents"
        to={{ place: 'agents' }}
        value={figures && formatCount(figures.activeAgents)}
        unit={figures && busyUnit(figures)}
        tip={figures && `${formatCount(figures.activeAgents)} busy, ${busyUnit(figures)}.`}
      />
      <Kpi
        label="Queued"
        to={{ place: 'tasks', search: { state: 'queued' } }}
        value={figures && formatCount(figures.tasks.queued ?? 0)}
        unit={
          figures &&
          figures.retrying > 0 && (
            <span className={styles.retrying}>{formatCount(figures.retrying)} retrying</span>
          )
        }
        tip={figures && `${formatCount(figures.tasks.queued ?? 0)} queued, ${formatCount(figures.retrying)} of them to be tried again.`}
      />
      <Kpi
        label="Failed, last hour"
        to={{ place: 'tasks', search: { ended: lastHour(at), outcome: 'failed,lease_expired' } }}
        value={
          figures && (
            <span data-bad={figures.failedLastHour > 0 || undefined}>
              {formatCount(figures.failedLastHour)}
            </span>
          )
        }
        unit={figures && failedUnit(figures)}
        tip="Tasks that failed for good, and attempts that failed and may have been tried again."
      />
      <Kpi
        label="Wait, p95"
        value={figures && <Wait seconds={figures.waitP95Seconds} />}
        tip={`Of all attempts that began in the last ${span}, 95 of 100 waited no longer.`}
      />
      <Kpi
        label="Spent today"
        value={figures && formatMoney(figures.costTodayUsd)}
        unit={simulated && <SimulatedMark />}
        tip={`Since midnight UTC.${simulated ? ' Some of it is simulated: it was not spent.' : ''}`}
      />
      <Kpi
        label={`Executions, ${month}`}
        value={figures && formatCount(figures.executions)}
        unit={figures && limitWords(figures)}
        tip={figures && `${formatCount(figures.executions)} executions in ${month}, ${limitWords(figures)}.`}
      />
    </section>
  );
}

function limitWords({ executionsLimit }: Overview['figures']): string {
  return executionsLimit === null ? 'no limit' : `of ${formatCount(executionsLimit)}`;
}

function busyUnit({ floor, agents }: Overview['figures']): string {
  return floor > 0 ? `floor ${formatCount(floor)}` : `of ${formatCount(agents)}`;
}

/** Attempts are on the board as blocks; most of those that fail end no task. */
function failedUnit({ failedLastHour, attemptsFailedLastHour }: Overview['figures']): ReactNode {
  const tasks = failedLastHour === 1 ? 'task' : 'tasks';
  if (attemptsFailedLastHour === 0) return tasks;
  return (
    <>
      {tasks} · <span className={styles.nowrap}>{formatPlural(attemptsFailedLastHour, 'attempt')}</span>
    </>
  );
}

/** Open at its end, so that the list stays live; to the minute, so that the link stays the same for one. */
function lastHour(at: number): string {
  return formatSpan({ from: new Date(Math.floor(at / 60_000) * 60_000 - 3_600_000).toISOString(), to: null });
}

/** Figures large, units small. */
function Wait({ seconds }: { seconds: number | null }) {
  if (seconds === null) return <span className="faint">–</span>;
  return formatDuration(seconds)
    .split(' ')
    .map((part, index) => (index % 2 === 0 ? `${part} ` : <small key={part}>{part} </small>));
}

interface KpiProps {
  label: string;
  /** Undefined: on its way. */
  value: ReactNode;
  unit?: ReactNode;
  to?: Target;
  tip?: string;
}
function Kpi({ label, value, unit, to, tip }: KpiProps) {
  const content = (
    <>
      <span className={styles.kpiLabel} title={label}>
        {label}
      </span>
      <span className={styles.kpiLine}>
        <span
          className={styles.kpiValue}
          data-long={(typeof value === 'string' && value.length > 8) || undefined}
        >
          {value ?? <i className={styles.kpiSkeleton} />}
        </span>
        {value !== undefined && unit && <small>{unit}</small>}
      </span>
    </>
  );
  return to ? (
    <Link className={styles.kpi} to={to} title={tip}>
      {content}
    </Link>
  ) : (
    <div className={styles.kpi} title={tip}>
      {content}
    </div>
  );
}
