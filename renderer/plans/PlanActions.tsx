// What a person does with a plan: report, start, pause, cancel.
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconPlayerPause, IconPlayerPlay, IconReport } from '@tabler/icons-react';
import { useState } from 'react';
import type { Plan } from '../../shared/plan.ts';
import { useApi } from '../app/api.ts';
import { MayButton, useMay } from '../app/me.tsx';
import { useAction } from '../components/actions.tsx';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { formatPlural } from '../components/format.ts';
import { notifyProblem } from '../components/notify.ts';
import { useUndo } from '../components/undo.tsx';
import { actionsNow } from './planView.ts';

export function PlanActions({ plan, onReport }: { plan: Plan; onReport(): void }) {
  const api = useApi();
  const client = useQueryClient();
  const undo = useUndo();
  const [asking, setAsking] = useState(false);
  // The stream brings the same; the answer only spares the wait. Older than what is shown, it is left.
  const onSuccess = (answer: Plan): void => {
    client.setQueryData(api.plans.get.queryKey({ id: answer.id }), (before: Plan | undefined) =>
      before && before.version > answer.version ? before : answer,
    );
  };
  const begin = useMutation(api.plans.start.mutationOptions({ onSuccess, onError: notifyProblem }));
  const hold = useMutation(api.plans.pause.mutationOptions({ onSuccess }));
  const [goesOn, isPaused] = [`“${plan.name}” goes on.`, `“${plan.name}” is paused: nothing new of it starts.`];
  const { id } = plan;
  const pause = useMutation(
    api.plans.pause.mutationOptions({
      onSuccess: (answer) => {
        onSuccess(answer);
        undo.offer({ done: isPaused, undone: goesOn, undo: () => begin.mutateAsync({ id }) });
      },
      onError: notifyProblem,
    }),
  );
  const start = useMutation(
    api.plans.start.mutationOptions({
      onMutate: () => plan.state,
      onSuccess: (answer, _input, before) => {
        onSuccess(answer);
        // What was a draft is one no more; a plan that went on can be paused again.
        if (before === 'paused') undo.offer({ done: goesOn, undone: isPaused, undo: () => hold.mutateAsync({ id }) });
      },
      onError: notifyProblem,
    }),
  );
  const cancel = useMutation(api.plans.cancel.mutationOptions({ onSuccess }));
  const now = actionsNow(plan.state);
  const { waiting, queued, running } = plan.counts;
  const may = useMay('plans:operate').allowed;
  useAction('plan.report', onReport);
  useAction('plan.start', may && now.start.shown ? () => start.mutate({ id }) : null, { label: `${now.start.label} “${plan.name}”` });
  useAction('plan.pause', may && now.pause ? () => pause.mutate({ id }) : null, { label: `Pause “${plan.name}”` });
  useAction('plan.cancel', may && now.cancel === null ? () => setAsking(true) : null, { label: `Cancel “${plan.name}”` });
  const close = (): void => {
    setAsking(false);
    cancel.reset();
  };
  return (
    <>
      <Button leftSection={<IconReport size={14} />} onClick={onReport}>
        Report
      </Button>
      <MayButton permission="plans:operate" reason={now.cancel} onClick={() => setAsking(true)}>
        Cancel
      </MayButton>
      {now.pause && (
        <MayButton
          permission="plans:operate"
          leftSection={<IconPlayerPause size={14} />}
          loading={pause.isPending}
          onClick={() => pause.mutate({ id: plan.id })}
        >
          Pause
        </MayButton>
      )}
      {now.start.shown && (
        <MayButton
          permission="plans:operate"
          variant="filled"
          leftSection={<IconPlayerPlay size={14} />}
          loading={start.isPending}
          onClick={() => start.mutate({ id: plan.id })}
        >
          {now.start.label}
        </MayButton>
      )}
      <ConfirmDialog
        opened={asking}
        title={`Cancel “${plan.name}”?`}
        confirm="Cancel the plan"
        dismiss="Keep it"
        danger
        busy={cancel.isPending}
        error={cancel.error}
        onClose={close}
        onConfirm={() => cancel.mutate({ id: plan.id }, { onSuccess: close })}
      >
        <p>
          {formatPlural(waiting + queued, 'task')} will not be started
          {running > 0 &&
            `, and ${formatPlural(running, 'running task')} ${running === 1 ? 'is' : 'are'} told to stop at the next heartbeat`}
          . What has been done, its output, findings and cost stay. Cancelled tasks can be retried one by one.
        </p>
      </ConfirmDialog>
    </>
  );
}
