// The line above every screen of the demo: how far its making is, and the way to more of it and out of it.
import { ActionIcon, Button, Progress } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useMe } from '../app/me.tsx';
import { useGo } from '../app/routes.ts';
import { useStatus } from '../app/status.tsx';
import { notifyProblem } from '../components/notify.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { useAsk } from '../components/useAsk.ts';
import { DEMO_NOTICE, DemoTag } from './DemoTag.tsx';
import { LeaveDemoButton } from './LeaveDemoButton.tsx';
import styles from './demo.module.css';

const TRICKLE_NOTICE = 'While the demo is open, an errand comes in every nine seconds, for half an hour. All of it is simulated.';

export function DemoBanner() {
  const { organization } = useMe();
  const demo = useStatus().status.demo;
  const making = demo?.making ?? null;
  const trickle = demo?.trickle ?? false;
  const [dismissed, setDismissed] = useState(false);
  const { ask, busy, problem } = useAsk('demo:start');
  const { ask: setTrickle } = useAsk('demo:trickle');
  const go = useGo();
  useEffect(() => {
    if (problem) notifyProblem(problem);
  }, [problem]);
  if (organization.demo !== true) return null;
  if (making !== null && making.problem !== null) {
    return (
      <div className={styles.problem}>
        <ProblemNotice
          error={making.problem}
          kept={`The demo is made as far as “${making.doing}”.`}
          advice="Try again; it goes on from there."
          onRetry={() => void ask()}
        />
      </div>
    );
  }
  if (making !== null) {
    return (
      <div className={styles.banner} data-testid="demo-making">
        <DemoTag />
        <span role="status" className="ellipsis">{making.doing}…</span>
        <Progress className={styles.progress} value={(making.step / making.steps) * 100} size={6} color="accent" aria-label="Making the demo" />
        <span className="dim small figures">{making.step} of {making.steps}</span>
      </div>
    );
  }
  if (dismissed) return null;
  return (
    <div className={styles.banner}>
      <DemoTag />
      <span className="ellipsis grow" title={`${DEMO_NOTICE} ${trickle ? TRICKLE_NOTICE : ''}`}>
        {trickle ? 'All simulated; work comes in by itself.' : 'A made-up company; all simulated.'}
      </span>
      <Button onClick={() => go({ place: 'overview', search: { tour: '1' } })}>Take the tour</Button>
      <Button onClick={() => void setTrickle({ on: !trickle })} title={TRICKLE_NOTICE}>{trickle ? 'Stop new work' : 'Keep work coming'}</Button>
      <Button loading={busy} onClick={() => void ask()}>More work</Button>
      <LeaveDemoButton />
      <ActionIcon aria-label="Hide this line" onClick={() => setDismissed(true)}><IconX size={14} /></ActionIcon>
    </div>
  );
}
