// The columns of the schedules' list.
import type { Schedule } from '../../shared/schedule.ts';
import type { ListColumn } from '../components/ListTable.tsx';
import { stateWords } from '../components/state.ts';
import { StateBadge, StateShape } from '../components/StateBadge.tsx';
import { Age, AgentMark, Time } from '../components/values.tsx';
import { cronWords } from './cronWords.ts';
import styles from './schedules.module.css';

export const scheduleColumns: readonly ListColumn<Schedule>[] = [
  { id: 'name', header: 'Schedule', width: 150, grow: true, sortBy: (schedule) => schedule.name.toLowerCase(), cell: (schedule) => schedule.name },
  { id: 'when', header: 'When', width: 170, grow: true, hideBelow: 560, cell: (schedule) => cronWords(schedule.cron) ?? schedule.cron },
  { id: 'next', header: 'Next', width: 96, sortBy: (schedule) => schedule.nextAt ?? '9', cell: (schedule) => <Next schedule={schedule} /> },
  { id: 'last', header: 'Last run', width: 132, cell: (schedule) => <Last schedule={schedule} /> },
  {
    id: 'ran',
    header: 'Ran',
    width: 84,
    align: 'right',
    hideBelow: 500,
    sortBy: (schedule) => schedule.lastAt ?? '',
    cell: (schedule) => (schedule.lastAt === null ? <span className="faint">–</span> : <Age since={schedule.lastAt} />),
  },
  { id: 'agent', header: 'Agent', width: 150, hideBelow: 900, cell: (schedule) => <AgentMark name={schedule.agentName} /> },
];

export function Next({ schedule }: { schedule: Schedule }) {
  if (!schedule.enabled) return <StateBadge state="paused" />;
  if (schedule.nextAt === null) return <span className="faint">never again</span>;
  return <Time value={schedule.nextAt} />;
}

/** How the last run went: its task's state, or why it made none. */
export function Last({ schedule }: { schedule: Schedule }) {
  const { lastAt, lastState, lastProblem } = schedule;
  if (lastAt === null) return <span className="faint">not yet</span>;
  const problem = lastProblem !== null;
  const state = problem ? 'retrying' : (lastState ?? 'cancelled');
  const word = problem ? 'Made no task' : lastState === null ? 'Its task is gone' : stateWords[lastState];
  return (
    <span className={styles.last} title={lastProblem ?? undefined}>
      <StateShape state={state} />
      <span className="ellipsis" title={lastProblem ?? word}>{word}</span>
    </span>
  );
}
