// Verifies the log step by step: each entry's hash covers the one before it, so that a change shows from there on.
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { AuditCheck } from '../../shared/audit.ts';
import { useApi } from '../app/api.ts';
import { formatCount, formatPlural } from '../components/format.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import styles from './audit.module.css';

type Verification =
  | { state: 'running'; verified: number; head: number | null }
  | { state: 'done'; check: AuditCheck }
  | { state: 'failed'; error: unknown };

/** Runs one verification at a time, and stops when the screen goes. */
export function useVerification() {
  const api = useApi();
  const client = useQueryClient();
  const [verification, set] = useState<Verification | null>(null);
  const run = useRef(0);
  useEffect(() => () => void (run.current += 1), []);
  const start = async (): Promise<void> => {
    const own = (run.current += 1);
    set({ state: 'running', verified: 0, head: null });
    try {
      for (let after = 0; ;) {
        const check: AuditCheck = await client.fetchQuery({ ...api.audit.verify.queryOptions({ after }), staleTime: 0, gcTime: 0 });
        if (own !== run.current) return;
        if (check.done) return set({ state: 'done', check });
        after = check.verifiedTo;
        set({ state: 'running', verified: after, head: check.head });
      }
    } catch (error) {
      if (own === run.current) set({ state: 'failed', error });
    }
  };
  const stop = (): void => {
    run.current += 1;
    set(null);
  };
  return { verification, start, stop };
}

export function VerifyButton({ running, onStart }: { running: boolean; onStart(): void }) {
  return (
    <Button leftSection={<IconShieldCheck size={14} />} loading={running} onClick={onStart}>
      Verify the log
    </Button>
  );
}

interface VerificationNoticeProps {
  verification: Verification;
  onShow(seq: number): void;
  onClose(): void;
}
export function VerificationNotice({ verification, onShow, onClose }: VerificationNoticeProps) {
  if (verification.state === 'failed') {
    return <ProblemNotice error={verification.error} kept="The log was only read." />;
  }
  if (verification.state === 'running') {
    const { verified, head } = verification;
    return (
      <div className={styles.verification} role="status">
        <StateShape state="running" />
        <span>{head === null ? 'Verifying…' : `Verifying: ${formatCount(verified)} of ${formatCount(head)} entries hold so far`}</span>
        <span className="grow" />
        <button type="button" className={styles.button} onClick={onClose}>Stop</button>
      </div>
    );
  }
  const { broken, verifiedTo } = verification.check;
  return (
    <div className={styles.verification} data-broken={broken !== null || undefined} role={broken ? 'alert' : 'status'}>
      <StateShape state={broken ? 'failed' : 'succeeded'} />
      {broken ? (
        <span>
          <b>The log was altered.</b> It holds up to entry {formatCount(verifiedTo)}; at entry {formatCount(broken.seq)} {broken.reason}. Keep a
          copy of the database before anything else is done.
        </span>
      ) : (
        <span>
          <b>The log is whole.</b> {verifiedTo === 1 ? 'Its one entry fits.' : `All ${formatPlural(verifiedTo, 'entry').replace('entrys', 'entries')} fit, from the first to the last.`} None was changed, added or taken away.
        </span>
      )}
      <span className="grow" />
      {broken && <button type="button" className={styles.button} onClick={() => onShow(broken.seq)}>Show entry {formatCount(broken.seq)}</button>}
      <button type="button" className={styles.button} onClick={onClose}>Close</button>
    </div>
  );
}
