// How a task stands that runs or has ended: progress against its limit, or what ended it.
import type { TaskSummary } from '../../shared/task.ts';
import { Link } from '../app/Link.tsx';
import { formatClock, formatDuration } from '../components/format.ts';
import { useNow } from '../components/now.tsx';
import { CopyButton } from '../components/output.tsx';
import { Elapsed, Time } from '../components/values.tsx';
import styles from './tasks.module.css';

export function StandPanel({ task }: { task: TaskSummary }) {
  switch (task.state) {
    case 'running':
      return <Running task={task} />;
    case 'failed':
      return (
        <section className={styles.why} data-tone="failed" aria-label="Why did it fail?">
          <div className={styles.whyHead}>
            <h2>Why did it fail?</h2>
            {task.error && <CopyButton text={`${task.error.code}: ${task.error.message}`} label="error" />}
          </div>
          <div className={styles.message}>{task.error?.message ?? 'No reason was given.'}</div>
          <div className="dim">
            {task.attempt > task.maxAttempts ? task.attempt : `${task.attempt} of ${task.maxAttempts}`} attempts made; it ended <Time value={task.finishedAt} past />. What depends on it waits.
          </div>
          {task.errorGroup && (
            <div>
              <Link to={{ place: 'tasks', search: { state: 'failed', errorGroup: task.errorGroup } }}>All that failed like this</Link>
            </div>
          )}
        </section>
      );
    case 'cancelled':
      return (
        <section className={styles.why} data-calm aria-label="Why is it cancelled?">
          <h2>Cancelled <Time value={task.finishedAt} past /></h2>
          <div className={styles.message}>{task.error?.message ?? 'No reason was given.'}</div>
        </section>
      );
    default:
      return null;
  }
}

function Running({ task }: { task: TaskSummary }) {
  const now = useNow(1_000);
  if (task.startedAt === null) return null;
  const used = Math.max(0, (now - Date.parse(task.startedAt)) / 1000);
  const left = task.timeLimitSeconds - used;
  const share = Math.min(100, (used / task.timeLimitSeconds) * 100);
  return (
    <section className={styles.run} data-state={share > 90 ? 'retrying' : 'running'} aria-label="Progress">
      <div className={styles.runLine}>
        <Elapsed since={task.startedAt} limitSeconds={task.timeLimitSeconds} />
        <span className="grow" />
        <span className="dim small figures">
          {left > 0 ? `handed off in ${formatClock(left)}` : 'at its limit: it is being handed off'}
        </span>
      </div>
      <div className={styles.limit} role="img" aria-label={`${Math.round(share)}% of its ${formatDuration(task.timeLimitSeconds)} are used`}>
        <i style={{ width: `${share}%` }} />
      </div>
      {task.progress && (
        <div className="dim">
          {task.progress.percent !== null && <b className="figures">{Math.round(task.progress.percent)}% done{task.progress.message ? ' · ' : ''}</b>}
          {task.progress.message}
        </div>
      )}
    </section>
  );
}
