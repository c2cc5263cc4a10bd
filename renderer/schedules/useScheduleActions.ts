// What can be done with a schedule beside editing it: run it now, pause and resume it, delete it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Schedule } from '../../shared/schedule.ts';
import { useApi } from '../app/api.ts';
import { useGo } from '../app/routes.ts';
import { notifyDone, notifyProblem } from '../components/notify.ts';
import { useUndo } from '../components/undo.tsx';

export function useScheduleActions() {
  const api = useApi();
  const go = useGo();
  const undo = useUndo();
  const client = useQueryClient();
  const refresh = (): void => void client.invalidateQueries(api.schedules.list.pathFilter());
  const run = useMutation(api.schedules.run.mutationOptions({ onSettled: refresh }));
  const update = useMutation(api.schedules.update.mutationOptions({ onSuccess: refresh }));
  const remove = useMutation(api.schedules.remove.mutationOptions({ onSuccess: refresh }));
  const enable = (id: string, enabled: boolean): Promise<Schedule> => update.mutateAsync({ id, enabled });
  return {
    running: run.isPending,
    turning: update.isPending,
    remove,
    run({ id, name }: Schedule): void {
      run.mutate({ id }, {
        onSuccess: ({ lastTaskId }) =>
          notifyDone(`“${name}” has made its task.`, lastTaskId === null ? undefined : { label: 'Show it', run: () => go({ place: 'tasks', id: lastTaskId }) }),
        onError: notifyProblem,
      });
    },
    setEnabled({ id, name }: Schedule, enabled: boolean): void {
      const [on, off] = [`“${name}” runs by its times again.`, `“${name}” is paused: it creates nothing.`];
      enable(id, enabled).then(
        () => undo.offer({ done: enabled ? on : off, undone: enabled ? off : on, undo: () => enable(id, !enabled) }),
        notifyProblem,
      );
    },
  };
}

export type ScheduleActions = ReturnType<typeof useScheduleActions>;
