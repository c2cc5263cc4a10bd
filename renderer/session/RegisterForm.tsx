// Creates an organisation with its first person, its owner.
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Problem } from '../../shared/errors.ts';
import { registerInput } from '../../shared/identity.ts';
import { forgetPlace } from '../app/routes.ts';
import { useBridge } from '../components/bridge.tsx';
import { problemOf } from '../components/problem.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { placeProblem, wordsOf } from './formProblem.ts';
import styles from './session.module.css';

const { shape } = registerInput;
const LEAST = 10;

export function RegisterForm() {
  const bridge = useBridge();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm({
    initialValues: { organizationName: '', name: '', email: '', password: '' },
    validate: {
      organizationName: wordsOf(shape.organizationName),
      name: wordsOf(shape.name),
      email: wordsOf(shape.email),
      password: wordsOf(shape.password),
    },
    validateInputOnBlur: ['email'],
  });
  const submit = async (values: typeof form.values): Promise<void> => {
    setBusy(true);
    setProblem(null);
    forgetPlace();
    try {
      setProblem(placeProblem(await bridge.request('session:register', values), form));
    } catch (cause) {
      setProblem(problemOf(cause));
    }
    setBusy(false);
  };
  const { length } = form.values.password;
  return (
    <form className={styles.fields} onSubmit={form.onSubmit((values) => void submit(values), focusFirstError)} noValidate>
      <TextInput
        label="Organisation"
        placeholder="Acme Robotics"
        autoComplete="organization"
        autoFocus
        {...form.getInputProps('organizationName')}
      />
      <TextInput label="Your name" placeholder="Ada Lind" autoComplete="name" {...form.getInputProps('name')} />
      <TextInput label="E-mail" placeholder="ada@acme.example" type="email" autoComplete="username" {...form.getInputProps('email')} />
      <div>
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          aria-describedby="password-rule"
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          {...form.getInputProps('password')}
        />
        <div id="password-rule" className={styles.rule} data-met={length >= LEAST || undefined}>
          {length >= LEAST ? <IconCheck size={13} aria-hidden /> : <span className={styles.ruleDot} aria-hidden />}
          {length >= LEAST
            ? 'Long enough'
            : `At least ${LEAST} characters${length > 0 ? `, ${LEAST - length} to go` : '; several words are easiest to remember'}`}
        </div>
      </div>
      {problem && <ProblemNotice error={problem} kept="What you wrote is still here." />}
      <Button type="submit" variant="filled" loading={busy} fullWidth className={styles.submit}>
        Create workspace
      </Button>
    </form>
  );
}

/** After a refused submit the first field to mend takes the focus. */
export function focusFirstError(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus());
}
