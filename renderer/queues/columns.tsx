// The columns of the queues' list.
import type { Queue } from '../../shared/queue.ts';
import { drainMark, drainWords } from '../components/drain.ts';
import { formatCount } from '../components/format.ts';
import type { ListColumn } from '../components/ListTable.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { Age } from '../components/values.tsx';

export const queueColumns: readonly ListColumn<Queue>[] = [
  { id: 'name', header: 'Queue', width: 120, grow: true, sortBy: (queue) => queue.name.toLowerCase(), cell: (queue) => queue.name },
  { id: 'state', header: 'State', width: 120, sortBy: (queue) => Number(queue.paused), cell: (queue) => <QueueState queue={queue} /> },
  { id: 'waiting', header: 'Held back', width: 88, align: 'right', hideBelow: 700, sortBy: (queue) => queue.waiting, cell: (queue) => <Figure value={queue.waiting} /> },
  { id: 'queued', header: 'Queued', width: 72, align: 'right', sortBy: (queue) => queue.queued, cell: (queue) => <Figure value={queue.queued} /> },
  { id: 'running', header: 'Running', width: 86, align: 'right', sortBy: (queue) => queue.running, cell: runningWords },
  {
    id: 'oldest',
    header: 'Oldest',
    width: 76,
    align: 'right',
    hideBelow: 480,
    sortBy: (queue) => queue.oldestQueuedAt ?? '9',
    cell: (queue) => (queue.oldestQueuedAt === null ? <span className="faint">–</span> : <Age since={queue.oldestQueuedAt} />),
  },
  { id: 'by', header: 'Paused by', width: 140, hideBelow: 860, sortBy: (queue) => queue.pausedBy ?? '', cell: (queue) => queue.pausedBy ?? '' },
];

function Figure({ value }: { value: number }) {
  return <span className={value === 0 ? 'faint' : undefined}>{formatCount(value)}</span>;
}

/** `3 / 8`: what runs, of what may run at once; without a limit what runs alone. */
export function runningWords({ running, maxRunning }: Pick<Queue, 'running' | 'maxRunning'>): string {
  return maxRunning === null ? formatCount(running) : `${formatCount(running)} / ${formatCount(maxRunning)}`;
}

export function QueueState({ queue }: { queue: Queue }) {
  if (!queue.paused) return <span className="dim">Open</span>;
  return (
    <span title={drainWords(queue.running)}>
      <StateBadge state="paused">{drainMark(queue.running)}</StateBadge>
    </span>
  );
}
