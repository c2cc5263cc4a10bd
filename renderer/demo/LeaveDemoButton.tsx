// Leaves the demo: it can wait here, or go with all that is in it.
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import layout from '../components/dialog.module.css';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { useAsk } from '../components/useAsk.ts';

export function LeaveDemoButton() {
  const [asking, setAsking] = useState(false);
  const { problem, busy, ask, reset } = useAsk('demo:leave');
  const close = (): void => {
    setAsking(false);
    reset();
  };
  return (
    <>
      <Button onClick={() => setAsking(true)}>Leave the demo</Button>
      <Modal opened={asking} onClose={close} title="Leave the demo" size={440} closeButtonProps={{ 'aria-label': 'Close' }}>
        <div className={layout.body}>
          <p>
            You come back to the first screen, where you create a workspace of your own. Nothing of the demo is taken along.
          </p>
          <p className="dim">Keep it, and it waits here as you left it. Delete it, and its agents, tasks and plans are gone.</p>
          {problem && <ProblemNotice error={problem} />}
          <div className={layout.actions}>
            <Button onClick={close}>Stay</Button>
            <Button loading={busy} onClick={() => void ask({ delete: true })}>Leave and delete it</Button>
            <Button variant="filled" loading={busy} onClick={() => void ask({ delete: false })} data-autofocus>Leave and keep it</Button>
          </div>
        </div>
      </Modal>
    </>
  );
}
