// Adds an account, or edits one: what it is, where, with which key; and a test before it is saved.
import { NumberInput, PasswordInput, TagsInput, TextInput } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Problem } from '../../shared/errors.ts';
import { isServiceKind, kindLabel, providerKinds, serviceFacts, SIMULATOR_NOTICE, type ProviderAccount, type ProviderKind, type ProviderTest } from '../../shared/provider.ts';
import { useApi } from '../app/api.ts';
import { DialogForm } from '../app/DialogForm.tsx';
import { MayButton } from '../app/me.tsx';
import { useDraft } from '../components/draft.ts';
import { focusFirstError, placeFieldErrors } from '../components/form.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { fieldErrors, problemOf } from '../components/problem.ts';
import { Note } from '../components/ProblemNotice.tsx';
import { emptyProvider, providerFields, providerFormOf, renamedFields, rulesOf, toProviderInput, toProviderPatch, toTestInput, type ProviderForm } from './providerForm.ts';
import { TestResult } from './TestResult.tsx';
import styles from './providers.module.css';

interface ProviderDialogProps {
  opened: boolean;
  /** Edited; absent: a new one. */
  account?: ProviderAccount | undefined;
  onClose(): void;
  onSaved(account: ProviderAccount): void;
}
export function ProviderDialog({ opened, account, onClose, onSaved }: ProviderDialogProps) {
  return (
    <FormDialog opened={opened} onClose={onClose} title={account ? `Edit ${account.name}` : 'Add a provider account'} size={580}>
      <Form account={account} onSaved={onSaved} />
    </FormDialog>
  );
}

type AccountForm = UseFormReturnType<ProviderForm>;

function Form({ account, onSaved }: Omit<ProviderDialogProps, 'opened' | 'onClose'>) {
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const stored = account !== undefined && account.keyHint !== null;
  const form = useForm<ProviderForm>({ initialValues: account ? providerFormOf(account) : emptyProvider, validate: rulesOf(stored) });
  const what = account ? `changes to the account ${account.name}` : 'a new provider account';
  const sent = useDraft({ name: `provider ${account?.id ?? 'new'}`, what, secret: ['key'] }, form);
  const place = (error: unknown): void => {
    const paths = Object.keys(fieldErrors(problemOf(error)));
    setProblem(placeFieldErrors(error, { setErrors: (errors) => form.setErrors(renamedFields(errors, paths)) }, providerFields));
  };
  const options = {
    onSuccess: (saved: ProviderAccount) => {
      sent();
      onSaved(saved);
    },
    onError: place,
  };
  const create = useMutation(api.providers.create.mutationOptions(options));
  const update = useMutation(api.providers.update.mutationOptions(options));
  const test = useMutation(
    api.providers.test.mutationOptions({
      onError: place,
      onSuccess: ({ list }) => {
        if (form.getValues().models.length === 0 && list.length > 0) form.setFieldValue('models', list);
      },
    }),
  );
  const submit = (values: ProviderForm): void => {
    setProblem(null);
    if (account) update.mutate(toProviderPatch(values, account));
    else create.mutate(toProviderInput(values));
  };
  const tryIt = (): void => {
    setProblem(null);
    if (form.validate().hasErrors) return focusFirstError();
    test.mutate(toTestInput(form.values, account));
  };
  const { kind } = form.values;
  const choose = (next: ProviderKind): void => {
    test.reset();
    const usual = form.values.name === '' || providerKinds.some((known) => form.values.name === nameOf(known));
    form.setValues({ kind: next, ...(usual && { name: nameOf(next) }) });
    form.clearErrors();
  };
  return (
    <DialogForm
      onSubmit={(event) => {
        // It may be opened from within another form, which must not be sent with it.
        event.stopPropagation();
        form.onSubmit(submit, focusFirstError)(event);
      }}
      problem={problem}
      fields={providerFields}
      permission="providers:write"
      send={account ? 'Save' : 'Add account'}
      busy={create.isPending || update.isPending}
      told={isServiceKind(kind) && <Told test={test} />}
      aside={
        <>
          {isServiceKind(kind) && <MayButton permission="providers:write" loading={test.isPending} onClick={tryIt}>Test it</MayButton>}
          <span className="grow" />
        </>
      }
    >
      {!account && <KindChoice value={kind} onChange={choose} />}
      <TextInput label="Name" placeholder="Main" data-autofocus {...form.getInputProps('name')} />
      {isServiceKind(kind) ? <ServiceFields form={form} account={account} /> : <SimulatorFields form={form} />}
      <NumberInput
        label="At once, at the most"
        description="Attempts on it at the same time. Empty: as many as its agents take."
        placeholder="No limit"
        min={1}
        max={100_000}
        allowDecimal={false}
        {...form.getInputProps('maxRunning')}
      />
    </DialogForm>
  );
}

/** What a test found, or would look for. */
function Told({ test }: { test: { isPending: boolean; data?: ProviderTest | undefined } }) {
  return (
    <div className={styles.testResult} aria-live="polite">
      {test.isPending ? (
        <span className="dim">Asking for its models, and for one word…</span>
      ) : test.data ? (
        <TestResult test={test.data} />
      ) : (
        <span className="dim small">A test asks for its models and for one word, before anything is saved.</span>
      )}
    </div>
  );
}

const nameOf = (kind: ProviderKind): string => (kind === 'openai_compatible' ? '' : kindLabel(kind));

function ServiceFields({ form, account }: { form: AccountForm; account: ProviderAccount | undefined }) {
  const { kind } = form.values;
  if (!isServiceKind(kind)) return null;
  const facts = serviceFacts[kind];
  const hint = account?.keyHint;
  const stored = hint === null || hint === undefined ? null : hint === '' ? 'One is stored.' : `One is stored that ends in ${hint}.`;
  return (
    <>
      <TextInput
        label="Address"
        description={facts.baseUrl === null ? 'Where its API begins; most end in /v1' : 'Only where it is not the usual one'}
        placeholder={facts.baseUrl ?? 'http://127.0.0.1:11434/v1'}
        {...form.getInputProps('baseUrl')}
      />
      <PasswordInput
        label="Key"
        description={stored ? `${stored} Paste another one to replace it.` : facts.needsKey ? 'Kept encrypted; nobody sees it again' : 'Kept encrypted; leave it empty for a local server that asks for none'}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
        {...form.getInputProps('key')}
      />
      <TagsInput
        label="Models"
        description="To choose from for agents. A test fills them in; Enter adds one."
        data={form.values.models}
        maxDropdownHeight={200}
        {...form.getInputProps('models')}
      />
      <div className={styles.twoFields}>
        <NumberInput label="Longest answer" description="Tokens; what budgets reserve for" min={1} max={1_000_000} step={1_024} allowDecimal={false} {...form.getInputProps('maxOutputTokens')} />
        <NumberInput label="Counts as stalled after" description="Without a byte from it" suffix=" s" min={1} max={600} allowDecimal={false} {...form.getInputProps('stallSeconds')} />
      </div>
    </>
  );
}

function SimulatorFields({ form }: { form: AccountForm }) {
  return (
    <>
      <Note tone="warning">{SIMULATOR_NOTICE} It is for trying Signalbox out; everything that it does is marked as simulated.</Note>
      <div className={styles.twoFields}>
        <NumberInput label="Seed" min={0} max={2_147_483_647} allowDecimal={false} {...form.getInputProps('seed')} />
        <NumberInput label="Typical time" suffix=" s" min={0.01} max={3_600} {...form.getInputProps('typicalSeconds')} />
        <NumberInput label="Attempts failing" suffix=" %" min={0} max={100} {...form.getInputProps('failureRate')} />
        <NumberInput label="Tasks overrunning" suffix=" %" min={0} max={100} {...form.getInputProps('overrunRate')} />
      </div>
    </>
  );
}

const kindTexts: Record<ProviderKind, string> = {
  openai_compatible: 'Any address that speaks its API: local servers, gateways.',
  openai: 'With a key of theirs.',
  anthropic: 'With a key of theirs.',
  google: 'Gemini, with a key of theirs.',
  simulator: 'Made up, to try things out.',
};

function KindChoice({ value, onChange }: { value: ProviderKind; onChange(kind: ProviderKind): void }) {
  return (
    <div className={styles.kinds} role="radiogroup" aria-label="Kind of account">
      {providerKinds.toSorted((one, other) => Number(one === 'simulator') - Number(other === 'simulator')).map((kind) => (
        <label key={kind} className={styles.kind} data-wide={kind === 'openai_compatible' || undefined}>
          <input type="radio" name="kind" value={kind} checked={kind === value} onChange={() => onChange(kind)} />
          <b>{kindLabel(kind)}</b>
          <span className="dim small">{kindTexts[kind]}</span>
        </label>
      ))}
    </div>
  );
}
