// The schedules: what each creates and when, how its last run went; the details of one beside them.
import { IconCalendarClock } from '@tabler/icons-react';
import { useState } from 'react';
import { useAllSchedules } from '../app/all.ts';
import { MayButton } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { EmptyState } from '../components/layout.tsx';
import { ListWithDetails } from '../components/ListWithDetails.tsx';
import { scheduleColumns } from './columns.tsx';
import { ScheduleDialog } from './ScheduleDialog.tsx';
import { SchedulePanel } from './SchedulePanel.tsx';
import { useScheduleActions } from './useScheduleActions.ts';

export function SchedulesPart() {
  const go = useGo();
  const { id, search } = useRoute();
  const { rows, complete, error, retry } = useAllSchedules();
  const actions = useScheduleActions();
  const [deleting, setDeleting] = useState(false);
  const open = rows?.find((schedule) => schedule.id === id);
  const show = (next: { id?: string | null; new?: string; edit?: string }): void =>
    go({ place: 'queues', id: next.id === undefined ? id : next.id, search: { tab: 'schedules', new: next.new, edit: next.edit } }, { replace: true });
  const newButton = (
    <MayButton permission="tasks:operate" variant="filled" onClick={() => show({ new: '1' })}>
      New schedule
    </MayButton>
  );
  return (
    <>
      <ListWithDetails
        label="Schedules"
        columns={scheduleColumns}
        rows={rows}
        rowId={(schedule) => schedule.id}
        openId={id}
        onOpen={(schedule) => go({ place: 'queues', id: schedule.id, search: { tab: 'schedules' } }, { replace: id !== null })}
        error={error}
        onRetry={retry}
        empty={
          <EmptyState icon={<IconCalendarClock size={28} stroke={1.4} />} title="No schedules yet" actions={newButton}>
            A schedule creates a task by the calendar: every night, on the first of a month, each quarter of an hour. Say what is
            to be done and when; its runs, and how they went, stand here.
          </EmptyState>
        }
        details={
          <SchedulePanel
            key={id}
            schedule={open}
            missing={complete}
            error={error}
            actions={actions}
            onRetry={retry}
            onEdit={() => show({ edit: '1' })}
            onDelete={() => setDeleting(true)}
            onClose={() => show({ id: null })}
          />
        }
      />
      <ScheduleDialog opened={search.new === '1'} onClose={() => show({})} onSaved={(saved) => show({ id: saved.id })} />
      {open && (
        <>
          <ScheduleDialog opened={search.edit === '1'} schedule={open} onClose={() => show({})} onSaved={() => show({})} />
          <ConfirmDialog
            opened={deleting}
            title={`Delete “${open.name}”?`}
            confirm="Delete it"
            dismiss="Keep it"
            danger
            busy={actions.remove.isPending}
            error={actions.remove.error}
            onConfirm={() =>
              actions.remove.mutate({ id: open.id }, {
                onSuccess: () => {
                  setDeleting(false);
                  show({ id: null });
                },
              })
            }
            onClose={() => {
              actions.remove.reset();
              setDeleting(false);
            }}
          >
            It creates no more tasks, and this cannot be taken back. The tasks that it made stay. To stop it for a while, pause it
            instead.
          </ConfirmDialog>
        </>
      )}
    </>
  );
}
