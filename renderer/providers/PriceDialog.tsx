// Sets the price of the models of a pattern, or takes one that was set here away.
import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Problem } from '../../shared/errors.ts';
import { perMillion, pricePattern, type Price } from '../../shared/price.ts';
import { useApi } from '../app/api.ts';
import { MayButton } from '../app/me.tsx';
import dialog from '../components/dialog.module.css';
import { useDraft } from '../components/draft.ts';
import { focusFirstError, placeFieldErrors, wordsOf } from '../components/form.ts';
import { FormDialog, NotNow } from '../components/FormDialog.tsx';
import { notifyDone } from '../components/notify.ts';
import { Note, ProblemNotice } from '../components/ProblemNotice.tsx';
import { rateWords } from './words.ts';
import styles from './providers.module.css';

interface PriceDialogProps {
  opened: boolean;
  /** Of which models; empty: to be typed in. */
  pattern: string;
  /** As it is; absent: there is none yet. */
  price: Price | undefined;
  onClose(): void;
}
export function PriceDialog({ opened, onClose, ...rest }: PriceDialogProps) {
  const known = rest.price !== undefined;
  return (
    <FormDialog opened={opened} onClose={onClose} title={known ? `Price of ${rest.price!.pattern}` : 'Add a price'} size={460}>
      <Form {...rest} onClose={onClose} />
    </FormDialog>
  );
}

const fields = ['pattern', 'inputPerMillion', 'cachedInputPerMillion', 'outputPerMillion'];

function Form({ pattern, price, onClose }: Omit<PriceDialogProps, 'opened'>) {
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm({
    initialValues: {
      pattern: price?.pattern ?? pattern,
      inputPerMillion: price?.inputPerMillion ?? '',
      cachedInputPerMillion: price?.cachedInputPerMillion ?? '',
      outputPerMillion: price?.outputPerMillion ?? '',
    },
    validate: {
      pattern: wordsOf(pricePattern),
      inputPerMillion: wordsOf(perMillion),
      cachedInputPerMillion: (value) => (value.trim() === '' ? null : wordsOf(perMillion)(value)),
      outputPerMillion: wordsOf(perMillion),
    },
  });
  const what = price ? `the price of ${price.pattern}` : 'a new price';
  const sent = useDraft({ name: `price ${pattern}`, what }, form);
  const done = (words: string) => ({
    onSuccess: () => {
      sent();
      notifyDone(words);
      onClose();
    },
    onError: (error: unknown) => setProblem(placeFieldErrors(error, form, fields)),
  });
  const set = useMutation(api.prices.set.mutationOptions(done('The price is set. It counts for attempts from now on.')));
  const remove = useMutation(api.prices.remove.mutationOptions(done(price?.builtin ? 'The built-in price counts again.' : 'The price is gone.')));
  const submit = (values: typeof form.values): void => {
    setProblem(null);
    const cached = values.cachedInputPerMillion.trim();
    set.mutate({ ...values, cachedInputPerMillion: cached === '' ? null : cached });
  };
  const dollars = { leftSection: <span aria-hidden>$</span>, inputMode: 'decimal' as const };
  return (
    <form className={dialog.body} onSubmit={form.onSubmit(submit, focusFirstError)} noValidate>
      <TextInput
        label="Model"
        description="Its name, in which * stands for anything: gpt-4o*"
        readOnly={price !== undefined}
        data-autofocus={price === undefined && pattern === '' ? true : undefined}
        {...form.getInputProps('pattern')}
      />
      <div className={styles.twoFields}>
        <TextInput label="Input" description="A million tokens" {...dollars} data-autofocus={price !== undefined || pattern !== '' ? true : undefined} {...form.getInputProps('inputPerMillion')} />
        <TextInput label="Output" description="A million tokens" {...dollars} {...form.getInputProps('outputPerMillion')} />
      </div>
      <TextInput label="Cached input" description="A million tokens that it had read before. Empty: as other input" {...dollars} {...form.getInputProps('cachedInputPerMillion')} />
      {price?.source === 'builtin' && <Note>This is a built-in price. Setting one here goes before it, until you remove yours.</Note>}
      {price?.builtin && <Note>Built in: {rateWords(price.builtin.inputPerMillion)} input, {rateWords(price.builtin.outputPerMillion)} output.</Note>}
      {problem && <ProblemNotice error={problem} kept="What you wrote is still here." shownFields={fields} />}
      <div className={dialog.actions}>
        {price?.source === 'own' && (
          <>
            <MayButton permission="providers:write" loading={remove.isPending} onClick={() => remove.mutate({ pattern: price.pattern })}>
              {price.builtin ? 'Back to the built-in price' : 'Remove'}
            </MayButton>
            <span className="grow" />
          </>
        )}
        <NotNow />
        <MayButton permission="providers:write" variant="filled" type="submit" loading={set.isPending}>Set price</MayButton>
      </div>
    </form>
  );
}
