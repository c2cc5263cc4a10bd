// The details of a queue: what it holds, what is let through, and its switch and limit.
import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { maxRunning as limitSchema, type Queue } from '../../shared/queue.ts';
import { Link } from '../app/Link.tsx';
import { MayButton, useMay } from '../app/me.tsx';
import { useAction } from '../components/actions.tsx';
import dialog from '../components/dialog.module.css';
import { useKept } from '../components/draft.ts';
import { drainWords } from '../components/drain.ts';
import { formatCount, formatPlural } from '../components/format.ts';
import { wordsOf } from '../components/form.ts';
import { FormDialog, NotNow } from '../components/FormDialog.tsx';
import { Details } from '../components/layout.tsx';
import { Fields } from '../components/output.tsx';
import { Note, ProblemNotice } from '../components/ProblemNotice.tsx';
import { Age, Time } from '../components/values.tsx';
import { QueueState } from './columns.tsx';
import { useQueueActions, type QueueActions } from './useQueueActions.ts';
import styles from './queues.module.css';

interface QueuePanelProps {
  name: string;
  queue: Queue | undefined;
  error: unknown;
  onRetry(): void;
  onClose(): void;
}
export function QueuePanel({ name, queue, error, onRetry, onClose }: QueuePanelProps) {
  const actions = useQueueActions();
  const [limiting, setLimiting] = useState(false);
  return (
    <Details
      label={`Queue ${name}`}
      head={queue && <QueueState queue={queue} />}
      onClose={onClose}
      footer={queue && <Footer queue={queue} actions={actions} onLimit={() => setLimiting(true)} />}
    >
      <h2 className={styles.heading}>{name}</h2>
      {queue && <Loaded queue={queue} />}
      {!queue && !!error && <ProblemNotice error={error} onRetry={onRetry} />}
      {!queue && !error && <div className={styles.skeleton} aria-hidden>{[60, 90, 80].map((width) => <i key={width} style={{ width: `${width}%` }} />)}</div>}
      {queue && <LimitDialog opened={limiting} queue={queue} actions={actions} onClose={() => setLimiting(false)} />}
    </Details>
  );
}

function Loaded({ queue }: { queue: Queue }) {
  const { name, paused, pausedAt, pausedBy, maxRunning } = queue;
  return (
    <>
      {paused && (
        <Note tone="warning">
          Paused{pausedBy !== null && <> by {pausedBy}</>}
          {pausedAt !== null && <>, <Time value={pausedAt} past /></>}. Nothing of it is taken; what runs, runs on. <b>{drainWords(queue.running)}.</b>
        </Note>
      )}
      {!paused && maxRunning !== null && queue.running >= maxRunning && queue.queued > 0 && (
        <Note>Its limit is reached: the next is taken when one of the {formatPlural(queue.running, 'running task')} ends.</Note>
      )}
      <Fields
        rows={[
          ['Queued', <Counted key="queued" queue={name} state="queued" count={queue.queued} />],
          ['Held back', <Counted key="waiting" queue={name} state="waiting" count={queue.waiting} />],
          ['Running', <Counted key="running" queue={name} state="running" count={queue.running} />],
          ['Longest wait', queue.oldestQueuedAt && <Age key="oldest" since={queue.oldestQueuedAt} />],
          ['Limit', maxRunning === null ? 'none: as many run as agents take' : `${formatCount(maxRunning)} at once`],
        ]}
      />
      <p className={styles.links}>
        <Link to={{ place: 'tasks', search: { queue: name } }}>All tasks of this queue</Link>
        <Link to={{ place: 'tasks', search: { queue: name, state: 'failed' } }}>Its failed tasks</Link>
      </p>
    </>
  );
}

function Counted({ queue, state, count }: { queue: string; state: string; count: number }) {
  if (count === 0) return <span className="faint">none</span>;
  return <Link to={{ place: 'tasks', search: { queue, state } }} className="figures">{formatPlural(count, 'task')}</Link>;
}

function Footer({ queue, actions, onLimit }: { queue: Queue; actions: QueueActions; onLimit(): void }) {
  const may = useMay('tasks:operate').allowed;
  const turn = (): void => actions.setPaused(queue, !queue.paused);
  useAction('queue.pause', may ? turn : null, { label: `${queue.paused ? 'Resume' : 'Pause'} the queue ${queue.name}` });
  useAction('queue.limit', may ? onLimit : null, { label: `Limit the queue ${queue.name}…` });
  return (
    <>
      <MayButton permission="tasks:operate" variant={queue.paused ? 'filled' : 'default'} loading={actions.busy} onClick={turn}>
        {queue.paused ? 'Resume' : 'Pause'}
      </MayButton>
      <MayButton permission="tasks:operate" onClick={onLimit}>Limit…</MayButton>
    </>
  );
}

interface LimitDialogProps {
  opened: boolean;
  queue: Queue;
  actions: QueueActions;
  onClose(): void;
}
function LimitDialog({ opened, queue, onClose, actions }: LimitDialogProps) {
  return (
    <FormDialog opened={opened} onClose={onClose} title={`Limit ${queue.name}`} size={420}>
      <LimitForm queue={queue} actions={actions} onClose={onClose} />
    </FormDialog>
  );
}

const wordsOfLimit = wordsOf(limitSchema);

function LimitForm({ queue, actions, onClose }: Omit<LimitDialogProps, 'opened'>) {
  const [{ value }, write, end] = useKept<{ value: number | string }>(`limit ${queue.name}`, { value: queue.maxRunning ?? '' });
  const done = (): void => {
    end();
    onClose();
  };
  const error = value === '' ? null : wordsOfLimit(Number(value));
  const unchanged = (value === '' ? null : Number(value)) === queue.maxRunning;
  return (
    <form
      className={dialog.body}
      onSubmit={(event) => {
        event.preventDefault();
        if (error !== null) return;
        if (unchanged) done();
        else actions.setLimit(queue, value === '' ? null : Number(value), done);
      }}
    >
      <NumberInput
        label="Tasks at once, at the most"
        description="Empty: as many as agents take. What runs already is not touched."
        min={1}
        max={100_000}
        allowDecimal={false}
        value={value}
        onChange={(next) => write({ value: next })}
        error={error}
        data-autofocus
      />
      <div className={dialog.actions}>
        <NotNow />
        <MayButton permission="tasks:operate" variant="filled" type="submit" loading={actions.busy}>
          {value === '' && queue.maxRunning !== null ? 'Take the limit away' : 'Set the limit'}
        </MayButton>
      </div>
    </form>
  );
}
