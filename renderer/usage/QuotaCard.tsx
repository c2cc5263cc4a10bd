// The month against its quota: what is used, what is left and until when, and what the month is expected to come to.
import type { Usage, UsageForecast } from '../../shared/usage.ts';
import { formatCount, formatMoney } from '../components/format.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { SimulatedMark } from '../components/values.tsx';
import { expectedWords, levelOf, methodWords, momentWords, roundCount, runOutWords } from './quota.ts';
import { useQuota } from './useUsage.ts';
import styles from './usage.module.css';

export function QuotaCard() {
  const { usage, forecast } = useQuota();
  if (usage.error && !usage.data) return <ProblemNotice error={usage.error} onRetry={() => void usage.refetch()} />;
  return (
    <section className={styles.quota} aria-label="Quota" aria-busy={usage.data === undefined}>
      {usage.data ? <Month usage={usage.data} forecast={forecast.data} /> : <span className={styles.quotaSkeleton} aria-hidden />}
    </section>
  );
}

function Month({ usage, forecast }: { usage: Usage; forecast: UsageForecast | undefined }) {
  const { quota } = usage;
  const month = new Date(`${usage.period}-15T00:00:00Z`).toLocaleDateString('en', { month: 'long', timeZone: 'UTC' });
  const level = levelOf({ limit: quota.limit, used: quota.used, runsOutAt: forecast?.runsOutAt ?? null });
  return (
    <>
      <div className={styles.quotaHead} data-level={level}>
        <h2>Executions, {month}</h2>
        <div className={styles.quotaUsed}>
          <b>{formatCount(quota.used)}</b>
          <span className="dim">{quota.limit === null ? 'no limit' : `of ${formatCount(quota.limit)}`}</span>
        </div>
      </div>
      <div className={styles.quotaBody}>
        {quota.limit !== null && <QuotaBar usage={usage} forecast={forecast} level={level} />}
        <p className={styles.quotaWords}>
          {quota.limit === null ? (
            <>This workspace has no monthly limit. The month is counted in UTC and begins anew on {momentWords(quota.resetsAt)}.</>
          ) : level === 'used_up' ? (
            <>
              <strong data-level={level}>Used up.</strong> What was never started waits until {momentWords(quota.resetsAt)}; what runs goes on.
            </>
          ) : (
            <>
              <b>{formatCount(quota.remaining ?? 0)}</b> left until {momentWords(quota.resetsAt)} (midnight UTC).
            </>
          )}{' '}
          {forecast && <RunOut forecast={forecast} level={level} />}
        </p>
      </div>
      <div className={styles.expected}>
        <h2>{endWords(month, forecast)}</h2>
        {forecast?.executions && forecast.costUsd ? (
          <p title={methodWords(forecast)}>
            About {expectedWords(forecast.executions, roundCount)} executions, about {expectedWords(forecast.costUsd, (value) => formatMoney(value.toFixed(2)))}
            {forecast.simulated && <> <SimulatedMark /></>}.
            <span className="hidden-visually"> {methodWords(forecast)}</span>
          </p>
        ) : (
          <p className="dim">{forecast ? methodWords(forecast) : ' '}</p>
        )}
      </div>
    </>
  );
}

/** A quota that is reached stops the work: what is expected beyond it is what there would be to do. */
function endWords(month: string, forecast: UsageForecast | undefined): string {
  const beyond = forecast?.executions && forecast.limit !== null && forecast.executions.expected > forecast.limit;
  return beyond ? `By the end of ${month}, were there no limit` : `By the end of ${month}`;
}

function RunOut({ forecast, level }: { forecast: UsageForecast; level: string }) {
  const words = level === 'used_up' ? null : runOutWords(forecast);
  if (words === null) return null;
  return forecast.runsOutAt === null ? <>{words}</> : <strong data-level="near">{words}</strong>;
}

/** Used as a full bar, the expected range behind it; the limit is where the track ends, unless more is expected. */
function QuotaBar({ usage, forecast, level }: { usage: Usage; forecast: UsageForecast | undefined; level: string }) {
  const { used, limit } = usage.quota;
  const most = Math.max(limit ?? 0, Math.min(forecast?.executions?.high ?? 0, (limit ?? 0) * 1.5), 1);
  const per = (value: number): string => `${Math.min(100, (value / most) * 100)}%`;
  const expected = forecast?.executions;
  const words = `${formatCount(used)} of ${formatCount(limit ?? 0)} used${expected ? `, about ${expectedWords(expected, roundCount)} expected` : ''}`;
  return (
    <div className={styles.quotaBar} role="img" aria-label={words} data-level={level}>
      {expected && <i className={styles.quotaRange} style={{ left: per(expected.low), right: `calc(100% - ${per(expected.high)})` }} />}
      {expected && <i className={styles.quotaExpected} style={{ left: per(expected.expected) }} />}
      <i className={styles.quotaFill} style={{ width: per(used) }} />
      {most > (limit ?? 0) && <i className={styles.quotaLimit} style={{ left: per(limit ?? 0) }} />}
    </div>
  );
}
