// The form of a dialog that creates something or changes it: what is written is kept, and what is refused stands where it belongs.
import { useForm, type UseFormInput, type UseFormReturnType } from '@mantine/form';
import { useState, type FormEvent } from 'react';
import type { Problem } from '../../shared/errors.ts';
import { useDraft } from '../components/draft.ts';
import { focusFirstError, placeFieldErrors } from '../components/form.ts';

type Errors = Record<string, string>;

interface Asked<Values> extends Pick<UseFormInput<Values>, 'initialValues' | 'validate'> {
  /** As which it is kept until it is sent, and what a person was writing then. */
  draft: { name: string; what: string };
  /** The fields that say themselves what is wrong with them, as the operation calls them. */
  fields: readonly string[];
  /** The fields' errors under the form's own names, where those are others. */
  renamed?: (errors: Errors) => Errors;
}

export interface OpenForm<Values> {
  form: UseFormReturnType<Values>;
  /** What a mutation that sends it does then. */
  outcome<Saved>(onSaved: (saved: Saved) => void): { onSuccess(saved: Saved): void; onError(error: unknown): void };
  /** What `DialogForm` shows of it, and does when it is submitted. */
  bind(send: (values: Values) => void): {
    fields: readonly string[];
    problem: Problem | null;
    onSubmit(event: FormEvent<HTMLFormElement>): void;
  };
}

export function useDialogForm<Values extends object>({ draft, fields, renamed = (errors) => errors, ...input }: Asked<Values>): OpenForm<Values> {
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm<Values>(input);
  const sent = useDraft(draft, form);
  return {
    form,
    outcome: (onSaved) => ({
      onSuccess: (saved) => {
        sent();
        onSaved(saved);
      },
      onError: (error) => {
        const placed = { setErrors: (errors: Errors) => form.setErrors(renamed(errors)) };
        setProblem(placeFieldErrors(error, placed, fields));
      },
    }),
    bind: (send) => ({
      fields,
      problem,
      onSubmit: form.onSubmit((values) => {
        setProblem(null);
        send(values);
      }, focusFirstError),
    }),
  };
}
