// Connects to a server: its address is checked live, and what is wrong is said where it was written.
import { Button, Modal, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { newConnection } from '../../shared/connection.ts';
import type { Problem } from '../../shared/errors.ts';
import { useBridge } from '../components/bridge.tsx';
import { problemOf } from '../components/problem.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import layout from '../components/dialog.module.css';

interface ConnectDialogProps {
  opened: boolean;
  onClose(): void;
}
export function ConnectDialog({ opened, onClose }: ConnectDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Connect to a server" size={440} closeButtonProps={{ 'aria-label': 'Close' }}>
      <ConnectForm onDone={onClose} />
    </Modal>
  );
}

function ConnectForm({ onDone }: { onDone(): void }) {
  const bridge = useBridge();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm({
    initialValues: { address: '', name: '' },
    validate: {
      address: (value) => newConnection.shape.address.safeParse(value).error?.issues[0]?.message ?? null,
      name: (value) => (value.length > 80 ? 'Use at most 80 characters.' : null),
    },
  });
  const refuse = (refused: Problem): void => {
    const field = refused.fields?.find(({ path }) => path === 'address');
    if (field) form.setFieldError('address', field.message);
    else setProblem(refused);
  };
  const connect = async ({ address, name }: typeof form.values): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await bridge.request('connections:add', { address, ...(name.trim() !== '' && { name }) });
      if (answer.ok) onDone();
      else refuse(answer.problem);
    } catch (cause) {
      refuse(problemOf(cause));
    }
    setBusy(false);
  };
  return (
    <form className={layout.body} onSubmit={form.onSubmit((values) => void connect(values))} noValidate>
      <p className="dim">
        A server has workspaces, agents and people of its own. It opens in a window of its own, in its workspace’s colour; what is
        on this computer stays here.
      </p>
      <TextInput
        label="Address"
        placeholder="signalbox.example.com"
        data-autofocus
        spellCheck={false}
        autoComplete="off"
        {...form.getInputProps('address')}
      />
      <TextInput label="Name" description="Optional; how it is called here." placeholder="Production" {...form.getInputProps('name')} />
      {problem && <ProblemNotice error={problem} />}
      <div className={layout.actions}>
        <Button onClick={onDone}>Go back</Button>
        <Button type="submit" variant="filled" loading={busy}>Connect</Button>
      </div>
    </form>
  );
}
