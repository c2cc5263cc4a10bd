// The queues: what waits in each, for how long, and what is let through; the details of one beside them.
import { IconStackPush } from '@tabler/icons-react';
import type { Queue } from '../../shared/queue.ts';
import { useAllQueues } from '../app/all.ts';
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { EmptyState } from '../components/layout.tsx';
import { ListWithDetails } from '../components/ListWithDetails.tsx';
import { queueColumns } from './columns.tsx';
import { QueuePanel } from './QueuePanel.tsx';

/** A queue that holds nothing, and that nobody has paused or limited, has no row. */
function unusedQueue(name: string): Queue {
  const nothing = { version: 0, paused: false, pausedAt: null, pausedBy: null, maxRunning: null };
  return { name, ...nothing, waiting: 0, queued: 0, running: 0, oldestQueuedAt: null };
}

export function QueuesPart() {
  const go = useGo();
  const { id } = useRoute();
  const { rows, complete, error, retry } = useAllQueues();
  const row = rows?.find(({ name }) => name === id);
  const open = row ?? (complete && id !== null ? unusedQueue(id) : undefined);
  return (
    <ListWithDetails
      label="Queues"
      columns={queueColumns}
      rows={rows}
      rowId={(queue) => queue.name}
      openId={id}
      onOpen={(queue) => go({ place: 'queues', id: queue.name }, { replace: id !== null })}
      error={error}
      onRetry={retry}
      empty={
        <EmptyState
          icon={<IconStackPush size={28} stroke={1.4} />}
          title="No queue holds work now"
          actions={
            <MayButton permission="tasks:create" variant="filled" onClick={() => go({ place: 'tasks', search: { new: '1' } })}>
              New task
            </MayButton>
          }
        >
          Every task carries the name of a queue, “default” where it names none. What is open shows here by its queue, and a
          queue can be paused, or limited in what of it runs at once. Create a task and name a queue in it to begin one.
        </EmptyState>
      }
      details={id !== null && (
        <QueuePanel key={id} name={id} queue={open} error={error} onRetry={retry} onClose={() => go({ place: 'queues' }, { replace: true })} />
      )}
    />
  );
}
