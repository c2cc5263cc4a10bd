// Sets a budget, or changes one: what it is about, how much, for how long, and when people are told.
import { NumberInput, Select, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { budgetPeriods, budgetScopes, budgetUnits, budgetWords, type Budget, type BudgetPeriod, type BudgetScope, type BudgetUnit } from '../../shared/budget.ts';
import { useAllAgents, useAllPlans } from '../app/all.ts';
import { useApi } from '../app/api.ts';
import { useDialogForm } from '../app/dialogForm.ts';
import { DialogForm } from '../app/DialogForm.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import { Segments } from '../components/layout.tsx';
import { emptyBudget, formOf, periodWords, scopeWords, toInput, toPatch, unitWords, usualPeriod, validate, type BudgetForm } from './words.ts';
import styles from './budgets.module.css';

interface BudgetDialogProps {
  opened: boolean;
  /** Changed; absent: a new one. */
  budget?: Budget | undefined;
  /** What a new one is about at first. */
  about?: { agentId?: string | undefined; planId?: string | undefined };
  onClose(): void;
  onSaved(budget: Budget): void;
}
export function BudgetDialog({ opened, onClose, budget, ...rest }: BudgetDialogProps) {
  return (
    <FormDialog opened={opened} onClose={onClose} title={budget ? `Change: ${budgetWords(budget)}` : 'New budget'} size={520}>
      <Form {...rest} budget={budget} />
    </FormDialog>
  );
}

const fields = ['agentId', 'planId', 'amount', 'period', 'softPercent', 'reserveUsd'];
const options = <Value extends string>(values: readonly Value[], words: Record<Value, string>) =>
  values.map((value) => ({ value, label: words[value] }));
const scopeOptions = options<BudgetScope>(budgetScopes, { ...scopeWords, workspace: 'Whole workspace' });
const unitOptions = options<BudgetUnit>(budgetUnits, unitWords);
const periodOptions = options<BudgetPeriod>(budgetPeriods, { day: 'A day', month: 'A month', total: 'In all' });

const nothingAsked: NonNullable<BudgetDialogProps['about']> = {};

function startOf({ agentId, planId }: NonNullable<BudgetDialogProps['about']>): BudgetForm {
  const scope: BudgetScope = agentId ? 'agent' : planId ? 'plan' : 'workspace';
  return { ...emptyBudget, scope, agentId: agentId ?? null, planId: planId ?? null, period: usualPeriod(scope) };
}

function Form({ budget, about = nothingAsked, onSaved }: Omit<BudgetDialogProps, 'opened' | 'onClose'>) {
  const api = useApi();
  const { form, outcome, bind } = useDialogForm<BudgetForm>({
    draft: { name: `budget ${budget?.id ?? 'new'}`, what: budget ? `changes to the budget ${budgetWords(budget)}` : 'a new budget' },
    fields,
    initialValues: budget ? formOf(budget) : startOf(about),
    validate,
  });
  const create = useMutation(api.budgets.create.mutationOptions(outcome(onSaved)));
  const update = useMutation(api.budgets.update.mutationOptions(outcome(onSaved)));
  const submit = (values: BudgetForm): void => {
    if (budget) update.mutate(toPatch(values, budget));
    else create.mutate(toInput(values));
  };
  const { unit, period } = form.values;
  return (
    <DialogForm
      {...bind(submit)}
      permission="budgets:write"
      send={budget ? 'Save' : 'Set the budget'}
      busy={create.isPending || update.isPending}
    >
      {!budget && <About form={form} />}
      <div className={styles.twoFields}>
        <TextInput
          label="Amount"
          description={unit === 'usd' ? `US dollars ${periodWords[period]}` : `Tasks started ${periodWords[period]}`}
          placeholder={unit === 'usd' ? '50.00' : '1,000'}
          inputMode="decimal"
          leftSection={unit === 'usd' ? '$' : undefined}
          data-autofocus
          {...form.getInputProps('amount')}
        />
        <NumberInput
          label="Tell people at"
          description="Per cent of the amount"
          suffix=" %"
          min={1}
          max={100}
          allowDecimal={false}
          {...form.getInputProps('softPercent')}
        />
      </div>
      <Choice label="It counts" value={period} options={periodOptions} error={form.errors.period} onChange={(next) => form.setFieldValue('period', next as BudgetPeriod)}>
        {period === 'total' ? 'It never starts anew.' : 'It starts anew at midnight UTC.'} What its period has used already counts.
      </Choice>
      {unit === 'usd' && (
        <TextInput
          label="Held for each attempt"
          description="Where the highest cost of an attempt is not known. Empty: what 19 of 20 of its agent’s attempts cost so far, at least a cent."
          placeholder="What they cost so far"
          inputMode="decimal"
          leftSection="$"
          {...form.getInputProps('reserveUsd')}
        />
      )}
      <p className="dim small">
        {unit === 'usd'
          ? 'An attempt that does not fit is not started. One that uses the budget up is told to stop; its task is queued again, and no attempt of it is spent.'
          : 'A task is one execution: its retries and the tasks that continue it are not counted again.'}
      </p>
    </DialogForm>
  );
}

/** What it is about and in what it counts: both stay as they are afterwards. */
function About({ form }: { form: UseFormReturnType<BudgetForm> }) {
  const { scope, unit } = form.values;
  const agents = useAllAgents(scope === 'agent');
  const plans = useAllPlans(scope === 'plan');
  const choose = (next: BudgetScope): void => form.setValues({ scope: next, period: usualPeriod(next) });
  return (
    <>
      <Choice label="For" value={scope} options={scopeOptions} onChange={(next) => choose(next as BudgetScope)} />
      {scope === 'agent' && (
        <Select
          label="Agent"
          searchable
          placeholder={agents.rows ? 'Choose one' : 'Loading…'}
          data={(agents.rows ?? []).filter(({ status }) => status !== 'retired').map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('agentId')}
        />
      )}
      {scope === 'plan' && (
        <Select
          label="Plan"
          searchable
          placeholder={plans.rows ? 'Choose one' : 'Loading…'}
          data={(plans.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('planId')}
        />
      )}
      <Choice label="In" value={unit} options={unitOptions} onChange={(next) => form.setFieldValue('unit', next as BudgetUnit)} />
    </>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  error?: React.ReactNode;
  onChange(value: string): void;
  children?: React.ReactNode;
}
function Choice({ label, value, options: choices, error, onChange, children }: ChoiceProps) {
  return (
    <div className={styles.choice}>
      <span className={styles.choiceLabel} aria-hidden>{label}</span>
      <Segments label={label} options={choices} value={value} onChange={onChange} />
      {error ? <span className={styles.error} role="alert">{error}</span> : children && <span className="dim small">{children}</span>}
    </div>
  );
}
