// The details of a schedule: when it runs, in words and as its next times; what it creates; its last runs.
import { useQuery } from '@tanstack/react-query';
import { scheduledTask, type Schedule } from '../../shared/schedule.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton, useMay } from '../app/me.tsx';
import { useAction } from '../components/actions.tsx';
import { Details } from '../components/layout.tsx';
import { useNow } from '../components/now.tsx';
import { Fields, Markdown } from '../components/output.tsx';
import { Note, ProblemNotice } from '../components/ProblemNotice.tsx';
import { AgentMark, Time } from '../components/values.tsx';
import { TaskLink } from '../tasks/index.ts';
import { cronWords, formatRun, ownZone } from './cronWords.ts';
import { Next } from './columns.tsx';
import type { ScheduleActions } from './useScheduleActions.ts';
import styles from './schedules.module.css';

const NEXT_SHOWN = 3;
const RUNS_SHOWN = 8;

interface SchedulePanelProps {
  schedule: Schedule | undefined;
  /** All are loaded, so one that is not among them is not there. */
  missing: boolean;
  error: unknown;
  actions: ScheduleActions;
  onRetry(): void;
  onEdit(): void;
  onDelete(): void;
  onClose(): void;
}
export function SchedulePanel({ schedule, missing, error, actions, onRetry, onEdit, onDelete, onClose }: SchedulePanelProps) {
  return (
    <Details
      label={schedule ? `Schedule ${schedule.name}` : 'Schedule'}
      head={schedule && <span className="dim">{schedule.enabled && schedule.nextAt !== null && 'Next '}<Next schedule={schedule} /></span>}
      onClose={onClose}
      footer={schedule && <Footer schedule={schedule} actions={actions} onEdit={onEdit} onDelete={onDelete} />}
    >
      {schedule && <Loaded schedule={schedule} />}
      {!schedule && !!error && <ProblemNotice error={error} onRetry={onRetry} />}
      {!schedule && !error && missing && <p className="dim">There is no such schedule. It may have been deleted; its tasks stay.</p>}
      {!schedule && !error && !missing && (
        <div className={styles.skeleton} aria-hidden>{[60, 90, 80].map((width) => <i key={width} style={{ width: `${width}%` }} />)}</div>
      )}
    </Details>
  );
}

function Loaded({ schedule }: { schedule: Schedule }) {
  const task = scheduledTask.safeParse(schedule.task).data;
  return (
    <>
      <div>
        <h2 className={styles.heading}>{schedule.name}</h2>
        <p>{cronWords(schedule.cron) ?? schedule.cron}</p>
        <p className="dim small"><span className="mono">{schedule.cron}</span> · {schedule.timeZone}</p>
      </div>
      {!schedule.enabled && <Note tone="warning">It is paused: it creates nothing until it is resumed.</Note>}
      {schedule.lastProblem !== null && <Note tone="warning"><b>The last run made no task.</b> {schedule.lastProblem}</Note>}
      {schedule.enabled && <NextRuns schedule={schedule} />}
      <section className={styles.part}>
        <h2>The task of each run</h2>
        <Fields
          rows={[
            ['Title', schedule.taskTitle],
            ['Agent', schedule.agentId ? (
              <Link key="agent" to={{ place: 'agents', id: schedule.agentId }}><AgentMark name={schedule.agentName ?? 'a retired agent'} /></Link>
            ) : task?.capabilities?.length ? `any with ${task.capabilities.join(', ')}` : 'any'],
            ['Queue', task && <Link key="queue" to={{ place: 'queues', id: task.queue }}>{task.queue}</Link>],
            ['Overlap', schedule.overlap === 'skip' ? 'skipped while the one before runs' : 'may run beside the one before'],
          ]}
        />
        {task && task.instructions.trim() !== '' && <Markdown text={task.instructions.slice(0, 4_000)} />}
      </section>
      <Runs schedule={schedule} />
    </>
  );
}

function NextRuns({ schedule }: { schedule: Schedule }) {
  const api = useApi();
  const now = useNow(60_000);
  const { cron, timeZone, nextAt } = schedule;
  const { data } = useQuery(api.schedules.preview.queryOptions({ cron, timeZone }));
  // The answer is of when it was asked: what has passed since is left out.
  const times = (data?.times ?? (nextAt === null ? [] : [nextAt])).filter((time) => Date.parse(time) > now).slice(0, NEXT_SHOWN);
  if (times.length === 0) return data ? <p className="dim">It never comes again.</p> : null;
  return (
    <section className={styles.part}>
      <h2>Next runs <span className="faint small">in your zone, {ownZone()}</span></h2>
      <ul className={styles.times}>
        {times.map((time) => (
          <li key={time}>
            <span className="figures grow">{formatRun(time, now)}</span>
            <span className="faint small"><Time value={time} /></span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Runs({ schedule }: { schedule: Schedule }) {
  const api = useApi();
  const audit = useMay('audit:read').allowed;
  const query = useQuery(api.tasks.list.queryOptions({ scheduleId: schedule.id, limit: RUNS_SHOWN }));
  return (
    <section className={styles.part}>
      <div className={styles.partHead}>
        <h2>Last runs</h2>
        {query.data && query.data.items.length > 0 && (
          <Link to={{ place: 'tasks', search: { scheduleId: schedule.id } }} className="small">All of its tasks</Link>
        )}
      </div>
      {query.error && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.items.length === 0 && <p className="dim">It has not run yet.</p>}
      <ul className={styles.runs}>
        {query.data?.items.map((task) => (
          <li key={task.id}>
            <TaskLink task={task} />
            <span className="faint small"><Time value={task.createdAt} past /></span>
          </li>
        ))}
      </ul>
      {audit && <p className="small"><Link to={{ place: 'audit', search: { entityId: schedule.id } }}>Every run and change, in the audit</Link></p>}
    </section>
  );
}

type FooterProps = Pick<SchedulePanelProps, 'actions' | 'onEdit' | 'onDelete'> & { schedule: Schedule };
function Footer({ schedule, actions, onEdit, onDelete }: FooterProps) {
  const may = useMay('tasks:operate').allowed;
  const { name, enabled } = schedule;
  const run = (): void => actions.run(schedule);
  const turn = (): void => actions.setEnabled(schedule, !enabled);
  useAction('schedule.run', may ? run : null, { label: `Run “${name}” now` });
  useAction('schedule.pause', may ? turn : null, { label: `${enabled ? 'Pause' : 'Resume'} “${name}”` });
  useAction('schedule.edit', may ? onEdit : null, { label: `Edit “${name}”` });
  useAction('schedule.delete', may ? onDelete : null, { label: `Delete “${name}”…` });
  return (
    <>
      <MayButton permission="tasks:operate" variant={enabled ? 'default' : 'filled'} loading={actions.turning} onClick={turn}>
        {enabled ? 'Pause' : 'Resume'}
      </MayButton>
      <MayButton permission="tasks:operate" loading={actions.running} onClick={run}>Run now</MayButton>
      <MayButton permission="tasks:operate" onClick={onEdit}>Edit</MayButton>
      <MayButton permission="tasks:operate" onClick={onDelete}>Delete…</MayButton>
    </>
  );
}
