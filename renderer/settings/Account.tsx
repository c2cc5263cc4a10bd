// Who is signed in, whether the session is kept, and the way out.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMe } from '../app/me.tsx';
import { forgetPlace } from '../app/routes.ts';
import { useStatus } from '../app/status.tsx';
import { useBridge } from '../components/bridge.tsx';
import { Panel } from '../components/layout.tsx';
import { Fields } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import styles from './settings.module.css';

export function Account() {
  const bridge = useBridge();
  const me = useMe();
  const { status } = useStatus();
  const [problem, setProblem] = useState<unknown>(null);
  const signOut = async (): Promise<void> => {
    const answer = await bridge.request('session:logout');
    if (answer.ok) forgetPlace();
    else setProblem(answer.problem);
  };
  return (
    <Panel title="Signed in">
      <Fields
        rows={[
          ['Name', me.user.name],
          ['E-mail', me.user.email],
          ['Workspace', me.organization.name],
          ['Role', me.organization.role],
          ['Next time', remembered(status)],
        ]}
      />
      {problem !== null && <ProblemNotice error={problem} />}
      <div className={styles.buttons}>
        <Button onClick={() => void signOut()}>Sign out</Button>
      </div>
    </Panel>
  );
}

function remembered({ session, keychain }: ReturnType<typeof useStatus>['status']): string {
  if (session.state === 'signed_in' && session.remembered) return 'You stay signed in; the session is kept by the keychain.';
  return keychain ? 'You sign in again.' : 'You sign in again: this computer has no keychain to keep a session.';
}
