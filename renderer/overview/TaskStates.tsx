// How the workspace's tasks are spread over their states; each leads to its tasks.
import type { Overview } from '../../shared/overview.ts';
import { Link } from '../app/Link.tsx';
import { formatCount } from '../components/format.ts';
import { Panel } from '../components/layout.tsx';
import { stateWords, type ShownState } from '../components/state.ts';
import { StateShape } from '../components/StateBadge.tsx';
import styles from './overview.module.css';

const groups: readonly { name: string; states: readonly ShownState[] }[] = [
  { name: 'Open', states: ['running', 'queued', 'retrying', 'waiting'] },
  { name: 'Ended', states: ['succeeded', 'failed', 'handed_off', 'cancelled'] },
];

type Figures = Overview['figures'];

/** Retrying is counted apart from queued, of which it is a part. */
export function countOf(figures: Pick<Figures, 'tasks' | 'retrying'>, state: ShownState): number {
  if (state === 'retrying') return figures.retrying;
  const count = figures.tasks[state as keyof Figures['tasks']] ?? 0;
  return state === 'queued' ? Math.max(0, count - figures.retrying) : count;
}

export function TaskStates({ figures }: { figures: Figures | undefined }) {
  return (
    <Panel
      title="Tasks by state"
      label="Tasks by state"
      aside={
        figures && (
          <span className="mono">
            {formatCount(Object.values(figures.tasks).reduce((sum, count) => sum + count, 0))} in all
          </span>
        )
      }
    >
      <div className={styles.states}>
        {groups.map(({ name, states }) => (
          <ul key={name} aria-label={name}>
            {states.map((state) => (
              <StateRow key={state} state={state} figures={figures} />
            ))}
          </ul>
        ))}
      </div>
    </Panel>
  );
}

/** All bars are of the one largest count, so that any two can be compared. */
function StateRow({
  state,
  figures,
}: {
  state: ShownState;
  figures: Figures | undefined;
}) {
  const count = figures ? countOf(figures, state) : 0;
  const all = groups.flatMap((group) => group.states);
  const most = figures ? Math.max(1, ...all.map((one) => countOf(figures, one))) : 1;
  return (
    <li>
      <Link
        className={styles.stateRow}
        data-state={state}
        data-none={count === 0 || undefined}
        to={{ place: 'tasks', search: { state: state === 'retrying' ? 'queued' : state } }}
      >
        <StateShape state={state} />
        <span className={styles.stateWord}>{stateWords[state]}</span>
        <span className={styles.stateBar}>
          <i style={{ transform: `scaleX(${count / most})` }} />
        </span>
        <span className={styles.stateCount}>{figures ? formatCount(count) : ''}</span>
      </Link>
    </li>
  );
}
