// The line at the top: how work, agents, database, live stream and backend stand, in words and with a shape.
import { Link } from '../app/Link.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import type { ShownState } from '../components/state.ts';
import type { Health, Tone } from './health.ts';
import styles from './metrics.module.css';

const shapes: Record<Tone, ShownState> = { good: 'succeeded', warning: 'retrying', bad: 'failed', unknown: 'queued' };

/** A figure stays beside its unit. */
const unbroken = (words: string): string => words.replaceAll(/(\d) (ms|s|min|h|d)\b/g, '$1\u00a0$2');

export function HealthStrip({ health }: { health: readonly Health[] | null }) {
  if (health === null) return <div className={styles.healthSkeleton} aria-hidden />;
  return (
    <dl className={styles.health} aria-label="How it stands">
      {health.map(({ id, label, tone, words, to }) => (
        <div key={id} className={styles.healthItem} data-state={shapes[tone]} data-tone={tone}>
          <dt>
            <StateShape state={shapes[tone]} />
            {label}
          </dt>
          <dd title={words}>{to ? <Link to={to} className={styles.healthLink}>{unbroken(words)}</Link> : unbroken(words)}</dd>
        </div>
      ))}
    </dl>
  );
}
