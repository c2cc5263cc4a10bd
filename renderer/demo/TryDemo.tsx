// The way into the demo from the first screen.
import { UnstyledButton } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import type { DemoStatus } from '../../shared/keeping.ts';
import { forgetPlace } from '../app/routes.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { useAsk } from '../components/useAsk.ts';
import styles from './demo.module.css';

export function TryDemo({ demo }: { demo: DemoStatus }) {
  const { problem, busy, ask: start } = useAsk('demo:start');
  const ask = (): Promise<unknown> => {
    forgetPlace();
    return start();
  };
  return (
    <>
      <UnstyledButton className={styles.way} onClick={() => void ask()} disabled={busy} aria-busy={busy || undefined}>
        <IconPlayerPlay size={17} stroke={1.7} aria-hidden />
        <span>
          <b>{busy ? 'Opening the demo…' : demo.kept ? 'Continue the demo' : 'Try the demo'}</b>
          <span>
            {demo.kept
              ? 'It is as you left it.'
              : 'A made-up company at work, in seconds. Simulated agents; nothing leaves this computer.'}
          </span>
        </span>
      </UnstyledButton>
      {problem && <ProblemNotice error={problem} onRetry={() => void ask()} />}
    </>
  );
}
