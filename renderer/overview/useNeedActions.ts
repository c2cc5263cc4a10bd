// What a person does about a need, from the panel itself. The live stream takes the need away; until then it is hidden.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../app/api.ts';
import { formatPlural } from '../components/format.ts';
import { notifyDone, notifyProblem } from '../components/notify.ts';
import { useUndo } from '../components/undo.tsx';

export interface Progress {
  key: string;
  done: number;
  total: number;
}

export interface NeedActions {
  /** Needs that were acted on. */
  settled: ReadonlySet<string>;
  busy: string | null;
  progress: Progress | null;
  acknowledge(key: string, findingId: string): Promise<void>;
  /** Throws where it is refused: its dialog says so. */
  approve(key: string, input: { id: string; note?: string }): Promise<void>;
  retry(key: string, taskIds: readonly string[]): Promise<void>;
}

export function useNeedActions(): NeedActions {
  const api = useApi();
  const undo = useUndo();
  const { mutateAsync: acknowledge } = useMutation(api.findings.acknowledge.mutationOptions());
  const { mutateAsync: takeBack } = useMutation(api.findings.unacknowledge.mutationOptions());
  const { mutateAsync: approve } = useMutation(api.tasks.approve.mutationOptions());
  const { mutateAsync: retry } = useMutation(api.tasks.retry.mutationOptions());
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState<string | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const settle = (key: string): void => setSettled((before) => new Set([...before, key]));

  return {
    settled,
    busy,
    progress,
    async acknowledge(key, findingId) {
      setBusy(key);
      try {
        await acknowledge({ id: findingId });
        settle(key);
        undo.offer({
          done: 'The finding is acknowledged.',
          undone: 'The finding needs a person again.',
          undo: async () => {
            await takeBack({ id: findingId });
            setSettled((before) => new Set([...before].filter((other) => other !== key)));
          },
        });
      } catch (error) {
        notifyProblem(error);
      } finally {
        setBusy(null);
      }
    },
    async approve(key, input) {
      await approve(input);
      settle(key);
    },
    async retry(key, taskIds) {
      const total = taskIds.length;
      setProgress({ key, done: 0, total });
      const outcome = await retryEach(taskIds, {
        retry: (id) => retry({ id }),
        onDone: (done) => setProgress({ key, done, total }),
      });
      setProgress(null);
      if (outcome.queued > 0)
        notifyDone(
          `${formatPlural(outcome.queued, 'task')} ${outcome.queued === 1 ? 'is' : 'are'} queued again.`,
        );
      if (outcome.refused.length > 0) notifyProblem(outcome.refused[0]);
      else settle(key);
    },
  };
}

interface Retrying {
  retry(id: string): Promise<unknown>;
  onDone(count: number): void;
}
/** One by one, so that one refusal stops no other; answers how many were queued, and each refusal. */
export async function retryEach(
  ids: readonly string[],
  { retry, onDone }: Retrying,
): Promise<{ queued: number; refused: unknown[] }> {
  const refused: unknown[] = [];
  for (const [index, id] of ids.entries()) {
    try {
      await retry(id);
    } catch (error) {
      refused.push(error);
    }
    onDone(index + 1);
  }
  return { queued: ids.length - refused.length, refused };
}
