// What was refused, by line and field, with what mends it; all of it as a file to mend.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useBridge } from '../../components/bridge.tsx';
import { formatCount } from '../../components/format.ts';
import { notifyDone, notifyProblem } from '../../components/notify.ts';
import type { Refusal } from './convert.ts';
import { useTaskImport } from './ImportProvider.tsx';
import styles from './import.module.css';

const SHOWN = 200;

export function Refusals({ refusals, more }: { refusals: readonly Refusal[]; more: boolean }) {
  const shown = refusals.slice(0, SHOWN);
  return (
    <>
      <ul className={styles.refusals}>
        {shown.map(({ line, field, message }, index) => (
          <li key={index}>
            <span className="figures dim">line {formatCount(line)}</span>
            <span>{field !== null && <><span className="mono">{field}</span> </>}{message}</span>
          </li>
        ))}
      </ul>
      {(more || refusals.length > SHOWN) && <p className="dim small">These are the first; the saved list has them all.</p>}
    </>
  );
}

/** Saves all of them, each with its row as it was. */
export function SaveRefused({ name }: { name: string }) {
  const bridge = useBridge();
  const { refused } = useTaskImport();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const text = await refused();
      const answer = await bridge.request('table:save', { name: `Refused rows of ${name.replace(/\.\w+$/, '')}`, text });
      if (!answer.ok) notifyProblem(answer.problem);
      else if (answer.saved) notifyDone('The refused rows are saved, each with what is wrong.');
    } catch (error) {
      notifyProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return <Button loading={busy} onClick={() => void save()}>Save the refused rows…</Button>;
}
