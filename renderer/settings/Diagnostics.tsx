// The report of trouble: collected, read line by line, and only then saved.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useBridge } from '../components/bridge.tsx';
import { formatBytes, formatPlural } from '../components/format.ts';
import { Panel } from '../components/layout.tsx';
import { notifyDone } from '../components/notify.ts';
import { CodeBlock, CopyButton } from '../components/output.tsx';
import { problemOf } from '../components/problem.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { useAsk } from '../components/useAsk.ts';
import styles from './settings.module.css';

export function Diagnostics() {
  const bridge = useBridge();
  const { data, problem, busy, ask } = useAsk('diagnostics:collect');
  const [failed, setFailed] = useState<unknown>(null);
  const save = async (): Promise<void> => {
    setFailed(null);
    try {
      const answer = await bridge.request('diagnostics:save');
      if (!answer.ok) setFailed(answer.problem);
      else if (answer.saved) notifyDone('The report is saved.');
    } catch (cause) {
      setFailed(problemOf(cause));
    }
  };
  return (
    <Panel title="Report of trouble">
      <p className={styles.text}>
        Versions, the state of the backend, sizes, settings, and the last lines of the log: what somebody who helps you needs.
        Keys, tokens, passwords, e-mail addresses and account names are taken out, and no row of a workspace is in it. Nothing
        is sent; read it, then save it.
      </p>
      <div className={styles.buttons}>
        <Button variant={data ? 'default' : 'filled'} loading={busy} onClick={() => void ask()}>
          {data ? 'Collect again' : 'Collect the report'}
        </Button>
        {data && <Button variant="filled" onClick={() => void save()}>Save as a file…</Button>}
        {data && <CopyButton text={data.text} label="the report" />}
      </div>
      {problem && <ProblemNotice error={problem} />}
      {failed !== null && <ProblemNotice error={failed} />}
      {data && (
        <>
          <p className="dim small figures">
            {formatPlural(data.text.split('\n').length, 'line')}, {formatBytes(new Blob([data.text]).size)}: exactly what is saved.
          </p>
          <CodeBlock maxHeight={420} label="The report, as it is saved">{data.text}</CodeBlock>
        </>
      )}
    </Panel>
  );
}
