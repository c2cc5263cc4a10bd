// Signs in with e-mail and password.
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { Problem } from '../../shared/errors.ts';
import { registerInput } from '../../shared/identity.ts';
import { useBridge } from '../components/bridge.tsx';
import { problemOf } from '../components/problem.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { placeProblem, wordsOf } from './formProblem.ts';
import { focusFirstError } from './RegisterForm.tsx';
import styles from './session.module.css';

export function SignInForm({ email }: { email: string }) {
  const bridge = useBridge();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm({
    initialValues: { email, password: '' },
    validate: {
      email: wordsOf(registerInput.shape.email),
      password: (value) => (value === '' ? 'Write your password.' : null),
    },
  });
  const submit = async (values: typeof form.values): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      setProblem(placeProblem(await bridge.request('session:login', values), form));
    } catch (cause) {
      setProblem(problemOf(cause));
    }
    setBusy(false);
  };
  return (
    <form className={styles.fields} onSubmit={form.onSubmit((values) => void submit(values), focusFirstError)} noValidate>
      <TextInput label="E-mail" type="email" autoComplete="username" autoFocus={email === ''} {...form.getInputProps('email')} />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        autoFocus={email !== ''}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        {...form.getInputProps('password')}
      />
      {problem && <ProblemNotice error={problem} />}
      <Button type="submit" variant="filled" loading={busy} fullWidth className={styles.submit}>
        Sign in
      </Button>
    </form>
  );
}
