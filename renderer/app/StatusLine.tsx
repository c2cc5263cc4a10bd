// The status line: where this runs, what runs now, whether any of it is simulated, and the last event.
import type { Overview } from '../../shared/overview.ts';
import { SIMULATOR_NOTICE } from '../../shared/provider.ts';
import { formatCount } from '../components/format.ts';
import { SimulatedMark } from '../components/values.tsx';
import { useLive } from '../live/freshness.ts';
import { useMe } from './me.tsx';
import { useStatus } from './status.tsx';
import styles from './Shell.module.css';

export function StatusLine({ overview }: { overview: Overview | null }) {
  const { version, connection, awake } = useStatus().status;
  const { demo = false } = useMe().organization;
  const metrics = useLive((state) => state.metrics);
  const seq = useLive((state) => state.seq);
  const running = metrics?.running ?? overview?.figures.tasks.running ?? null;
  const queued = metrics?.queued ?? overview?.figures.tasks.queued ?? null;
  const event = seq ?? overview?.seq ?? null;
  const simulated = overview?.lanes.some((lane) => lane.agent.provider?.simulated) ?? false;
  return (
    <footer className={styles.status}>
      <span className={`ellipsis ${styles.where}`} title={connection.name}>{connection.name}</span>
      {running !== null && <span>{formatCount(running)} running</span>}
      {queued !== null && <span>{formatCount(queued)} queued</span>}
      {demo && <span>Demo workspace</span>}
      {simulated && (
        <span className={styles.notice}>
          <SimulatedMark />
          <span className="ellipsis" title={SIMULATOR_NOTICE}>{SIMULATOR_NOTICE.replace(/^Simulated/, '= simulated')}</span>
        </span>
      )}
      {awake && <span title="Settings › Closing and sleep changes it.">keeps the computer awake</span>}
      <span className="grow" />
      {event !== null && <span data-testid="event-seq">event {formatCount(event)}</span>}
      {version !== '' && <span>{version}</span>}
    </footer>
  );
}
