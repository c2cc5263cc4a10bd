// Import, second half: what the document would create, its warnings beside the text, and what can still be changed.
import { Button, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconArrowLeft } from '@tabler/icons-react';
import { useRef, useState, type FormEvent } from 'react';
import type { PlanPreview } from '../../shared/plan.ts';
import { useApi } from '../app/api.ts';
import { MayButton } from '../app/me.tsx';
import { useGo } from '../app/routes.ts';
import { formatCount } from '../components/format.ts';
import { PageHeader, Screen } from '../components/layout.tsx';
import { notifyDone } from '../components/notify.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { Chip } from '../components/values.tsx';
import { useDraft } from './draft.tsx';
import {
  checkForm,
  coordinatorLacks,
  needsRunner,
  newAgentsOf,
  toPlanInput,
  type FormErrors,
  type PlanForm,
} from './planForm.ts';
import { PreviewMain } from './PreviewMain.tsx';
import { PreviewSource } from './PreviewSource.tsx';
import { RunnerChoice } from './RunnerChoice.tsx';
import { useAgents } from './useAgents.ts';
import styles from './import.module.css';

export function PreviewScreen() {
  const { draft } = useDraft();
  return draft.preview && draft.form ? <Preview preview={draft.preview} form={draft.form} /> : null;
}

function Preview({ preview, form }: { preview: PlanPreview; form: PlanForm }) {
  const api = useApi();
  const go = useGo();
  const client = useQueryClient();
  const { draft, change, back, clear } = useDraft();
  const agents = useAgents();
  const known = agents ?? [];
  const runnerNeeded = agents === undefined || needsRunner(preview, known);
  const [errors, setErrors] = useState<FormErrors>({});
  const formElement = useRef<HTMLFormElement>(null);
  const create = useMutation(
    api.plans.create.mutationOptions({
      onSuccess(plan) {
        client.setQueryData(api.plans.get.queryKey({ id: plan.id }), plan);
        notifyDone(`“${plan.name}” is created.`);
        clear();
        go({ place: 'plans', id: plan.id }, { replace: true });
      },
    }),
  );
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    const found = checkForm(form, runnerNeeded);
    setErrors(found);
    if (Object.keys(found).length > 0) {
      requestAnimationFrame(() =>
        formElement.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-error] input')?.focus(),
      );
      return;
    }
    create.mutate(toPlanInput(preview, form));
  };
  const edit = (part: Partial<PlanForm>): void => {
    change(part);
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in part))));
  };
  const { plan } = preview;
  const fresh = newAgentsOf(preview, known);
  return (
    <Screen>
      <PageHeader
        title={form.name.trim() === '' ? 'A plan without a name' : form.name}
        aside={<Chip>preview · nothing is created yet</Chip>}
        actions={
          <>
            <Button leftSection={<IconArrowLeft size={14} />} onClick={back}>
              Other document
            </Button>
            <MayButton
              permission="plans:create"
              variant="filled"
              loading={create.isPending}
              onClick={() => submit()}
            >
              Create plan
            </MayButton>
          </>
        }
      />
      {draft.error !== null && (
        <ProblemNotice error={draft.error} kept="What you see below is still the document before it." />
      )}
      {create.error && (
        <ProblemNotice
          error={create.error}
          kept="The preview and what you changed are still here."
          shownFields={[]}
        />
      )}
      <div className={styles.preview}>
        <form ref={formElement} className={styles.form} onSubmit={submit} noValidate aria-label="Plan">
          <TextInput
            label="Name"
            value={form.name}
            error={errors.name}
            onChange={(event) => edit({ name: event.currentTarget.value })}
          />
          <div className={styles.pair}>
            <NumberInput
              label="Floor"
              description="Runs at least"
              min={0}
              max={1_000}
              allowDecimal={false}
              value={form.minActive}
              error={errors.minActive}
              onChange={(value) => edit({ minActive: Number(value) })}
            />
            <NumberInput
              label="Time limit"
              description="For each task"
              min={0}
              suffix=" min"
              decimalScale={2}
              value={form.timeLimitMinutes}
              error={errors.timeLimitMinutes}
              onChange={(value) =>
                edit({ timeLimitMinutes: typeof value === 'number' ? value : Number.parseFloat(value) || 0 })
              }
            />
          </div>
          {agents === undefined ? (
            <p className="faint">Looking at the agents of this workspace…</p>
          ) : runnerNeeded ? (
            <RunnerChoice
              runner={form.runner}
              agents={fresh}
              coordinatorTasks={coordinatorLacks(preview, known)}
              error={errors.runner}
              onChange={(runner) => edit({ runner })}
            />
          ) : (
            <p className="dim">
              Every agent of this plan is in the workspace already, so there is nothing to choose.
            </p>
          )}
          <dl className={styles.facts}>
            <div>
              <dt>Tasks</dt>
              <dd>{formatCount(plan.tasks.length)}</dd>
            </div>
            <div>
              <dt>Agents</dt>
              <dd>
                {formatCount(new Set(plan.tasks.map(({ agent }) => agent?.toLowerCase() ?? null)).size)}
                {fresh.length > 0 && `, ${fresh.length} new`}
              </dd>
            </div>
            <div>
              <dt>Criteria</dt>
              <dd>{formatCount(plan.successCriteria.length)}</dd>
            </div>
          </dl>
          {/* Enter in a field creates the plan: a form without a button of its own would do nothing. */}
          <button type="submit" hidden aria-hidden tabIndex={-1} />
        </form>
        <PreviewMain preview={preview} known={agents} />
        <PreviewSource preview={preview} text={draft.text} fileName={draft.fileName} />
      </div>
    </Screen>
  );
}
