// Creates a schedule, or edits one: when, said in words as it is written, and the task of each run.
import { Autocomplete, Select, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Schedule } from '../../shared/schedule.ts';
import { useAllAgents } from '../app/all.ts';
import { useApi } from '../app/api.ts';
import { useDialogForm } from '../app/dialogForm.ts';
import { DialogForm } from '../app/DialogForm.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import { Segments } from '../components/layout.tsx';
import { useNow } from '../components/now.tsx';
import { fieldErrors, problemOf } from '../components/problem.ts';
import { TaskFields } from '../tasks/index.ts';
import { cronWords, formatRun, ownZone, timeZones } from './cronWords.ts';
import {
  emptySchedule, renamedScheduleFields, scheduleFields, scheduleFormOf, scheduleRules, toScheduleInput, toSchedulePatch, usual,
  type ScheduleForm,
} from './scheduleForm.ts';
import styles from './schedules.module.css';

interface ScheduleDialogProps {
  opened: boolean;
  /** Edited; absent: a new one. */
  schedule?: Schedule;
  onClose(): void;
  onSaved(schedule: Schedule): void;
}
export function ScheduleDialog({ opened, schedule, onClose, onSaved }: ScheduleDialogProps) {
  return (
    <FormDialog opened={opened} onClose={onClose} title={schedule ? `Edit ${schedule.name}` : 'New schedule'} size={580}>
      <Form schedule={schedule} onSaved={onSaved} />
    </FormDialog>
  );
}

const overlapChoices = [
  { value: 'skip', label: 'Skip the new run' },
  { value: 'allow', label: 'Run beside it' },
];

function Form({ schedule, onSaved }: { schedule: Schedule | undefined; onSaved(schedule: Schedule): void }) {
  const api = useApi();
  const client = useQueryClient();
  const agents = useAllAgents().rows ?? [];
  const { form, outcome, bind } = useDialogForm<ScheduleForm>({
    draft: { name: `schedule ${schedule?.id ?? 'new'}`, what: schedule ? `changes to the schedule ${schedule.name}` : 'a new schedule' },
    fields: scheduleFields,
    renamed: renamedScheduleFields,
    initialValues: schedule ? scheduleFormOf(schedule) : emptySchedule(ownZone()),
    validate: scheduleRules,
  });
  const saved = outcome((now: Schedule) => {
    void client.invalidateQueries(api.schedules.list.pathFilter());
    onSaved(now);
  });
  const create = useMutation(api.schedules.create.mutationOptions(saved));
  const update = useMutation(api.schedules.update.mutationOptions(saved));
  const submit = (values: ScheduleForm): void => {
    if (schedule) update.mutate(toSchedulePatch(values, schedule));
    else create.mutate(toScheduleInput(values));
  };
  return (
    <DialogForm
      {...bind(submit)}
      permission="tasks:operate"
      send={schedule ? 'Save' : 'Create schedule'}
      busy={create.isPending || update.isPending}
    >
      <TextInput label="Name" placeholder="Nightly reading of the logs" data-autofocus {...form.getInputProps('name')} />
      <When form={form} />
      <div className={styles.overlap}>
        <span>While the run before has not ended</span>
        <Segments
          label="While the run before has not ended"
          options={overlapChoices}
          value={form.values.overlap}
          onChange={(value) => form.setFieldValue('overlap', value as Schedule['overlap'])}
        />
      </div>
      <TaskFields form={form} agents={agents} scheduled titleLabel="Title of each task" />
    </DialogForm>
  );
}

const SHOWN = 3;

/** The expression and its zone; below them what they mean, and when that would be. */
function When({ form }: { form: UseFormReturnType<ScheduleForm> }) {
  const api = useApi();
  const now = useNow(60_000);
  const zones = useMemo(() => timeZones(), []);
  const { cron, timeZone } = form.values;
  const [asked] = useDebouncedValue(JSON.stringify({ cron: cron.trim(), timeZone }), 250);
  const input = JSON.parse(asked) as { cron: string; timeZone: string };
  const preview = useQuery(
    api.schedules.preview.queryOptions(input, { enabled: input.cron !== '', retry: false, placeholderData: keepPreviousData }),
  );
  const wrong = preview.error ? fieldErrors(problemOf(preview.error)) : {};
  const cronProps = form.getInputProps('cron') as { error?: string };
  const times = (preview.data?.times ?? []).slice(0, SHOWN);
  return (
    <div>
      <div className={styles.when}>
        <Autocomplete
          label="When"
          description="Cron: minute, hour, day, month, weekday"
          classNames={{ input: 'mono' }}
          data={usual}
          // All stand to be chosen, whatever is written.
          filter={({ options }) => options}
          renderOption={({ option }) => (
            <span className={styles.usual}><span className="mono">{option.value}</span> <span className="dim">{cronWords(option.value)}</span></span>
          )}
          spellCheck={false}
          {...cronProps}
          {...form.getInputProps('cron')}
          error={cronProps.error ?? wrong.cron}
        />
        <Select
          label="Time zone"
          description="Whose clock the hours are read on"
          searchable
          data={zones}
          allowDeselect={false}
          nothingFoundMessage="No zone has that name."
          {...form.getInputProps('timeZone')}
        />
      </div>
      <div className={styles.meaning} aria-live="polite">
        {preview.error && wrong.cron === undefined && <span className="dim">The next times cannot be asked for now.</span>}
        {!preview.error && (
          <>
            <b>{cronWords(cron.trim()) ?? ''}</b>
            {preview.data && times.length === 0 && <span>It never comes.</span>}
            {times.length > 0 && <span className="dim figures">Next: {times.map((time) => formatRun(time, now)).join(' · ')} <span className="faint">({ownZone()})</span></span>}
          </>
        )}
      </div>
    </div>
  );
}
