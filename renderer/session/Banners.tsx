// Lines above a screen: the connection is lost; the session will not be kept.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { DemoBanner } from '../demo/index.ts';
import { useStatus } from '../app/status.tsx';
import { Time } from '../components/values.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { useLive } from '../live/freshness.ts';
import styles from './session.module.css';

export function Banners() {
  const freshness = useLive((state) => state.freshness);
  const asOf = useLive((state) => state.asOf);
  const { status } = useStatus();
  const [dismissed, setDismissed] = useState(false);
  const forgotten = status.session.state === 'signed_in' && !status.session.remembered && !status.keychain;
  return (
    <>
      <DemoBanner />
      {freshness.state === 'stale' && (
        <div className={styles.banner} role="status" data-print="no">
          <StateShape state="retrying" />
          <span>
            <strong>The connection is lost.</strong> {freshness.reason} What you see is as of <Time value={asOf ?? freshness.since} />.
            Signalbox keeps trying; work that runs goes on.
          </span>
        </div>
      )}
      {forgotten && !dismissed && (
        <div className={styles.banner} data-quiet data-print="no">
          <StateShape state="queued" />
          <span className="grow">This computer has no keychain, so your session is not kept: you will sign in again next time.</span>
          <Button onClick={() => setDismissed(true)}>I see</Button>
        </div>
      )}
    </>
  );
}
