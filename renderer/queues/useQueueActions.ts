// Pausing, resuming and limiting a queue, each with its way back.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Queue } from '../../shared/queue.ts';
import { useApi } from '../app/api.ts';
import { drainWords } from '../components/drain.ts';
import { formatCount } from '../components/format.ts';
import { notifyProblem } from '../components/notify.ts';
import { useUndo } from '../components/undo.tsx';

export interface QueueActions {
  busy: boolean;
  setPaused(queue: Queue, paused: boolean): void;
  /** Null takes the limit away. */
  setLimit(queue: Queue, maxRunning: number | null, onDone: () => void): void;
}

const limitWords = (name: string, limit: number | null): string =>
  limit === null ? `${name} has no limit.` : `${name} runs at most ${formatCount(limit)} at once.`;

export function useQueueActions(): QueueActions {
  const api = useApi();
  const undo = useUndo();
  const client = useQueryClient();
  const { mutateAsync, isPending } = useMutation(api.queues.update.mutationOptions());
  const change = async (input: { name: string; paused?: boolean; maxRunning?: number | null }): Promise<Queue> => {
    const answer = await mutateAsync(input);
    void client.invalidateQueries(api.queues.list.pathFilter());
    return answer;
  };
  return {
    busy: isPending,
    setPaused({ name }, paused) {
      const resumed = `${name} is open again.`;
      const held = (running: number): string => `${name} is paused. ${drainWords(running)}.`;
      change({ name, paused }).then(
        ({ running }) =>
          undo.offer({
            done: paused ? held(running) : resumed,
            undone: paused ? resumed : held(running),
            undo: () => change({ name, paused: !paused }),
          }),
        notifyProblem,
      );
    },
    setLimit({ name, maxRunning: before }, maxRunning, onDone) {
      change({ name, maxRunning }).then(() => {
        onDone();
        undo.offer({ done: limitWords(name, maxRunning), undone: limitWords(name, before), undo: () => change({ name, maxRunning: before }) });
      }, notifyProblem);
    },
  };
}
