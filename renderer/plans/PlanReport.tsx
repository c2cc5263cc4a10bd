// The report of a plan as it stands, to read, to copy and to save.
import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import type { Plan } from '../../shared/plan.ts';
import { useApi } from '../app/api.ts';
import { useRun } from '../components/actions.tsx';
import { useBridge } from '../components/bridge.tsx';
import { notifyDone } from '../components/notify.ts';
import { CopyButton, Markdown } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { SimulatedTag } from '../components/values.tsx';
import styles from './plans.module.css';

export function PlanReport({
  plan,
  onClose,
}: {
  plan: Pick<Plan, 'id' | 'name' | 'simulated'>;
  onClose(): void;
}) {
  const api = useApi();
  const query = useQuery(api.plans.report.queryOptions({ id: plan.id }));
  const text = query.data;
  return (
    <Modal
      opened
      onClose={onClose}
      size={860}
      title={
        <span className={styles.reportTitle}>
          Report · {plan.name}
          {plan.simulated && <SimulatedTag />}
        </span>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={styles.report} data-print="report">
        {query.error && text === undefined && (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        )}
        {text === undefined && !query.error && (
          <div className={styles.ghostLines} aria-hidden>
            {[40, 92, 86, 70, 90, 64].map((width) => (
              <i key={width} style={{ width: `${width}%` }} />
            ))}
          </div>
        )}
        {text !== undefined && (
          <>
            {/* Scrolled by the keys too. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <div className={styles.reportText} tabIndex={0} data-autofocus role="region" aria-label="Report">
              <Markdown text={text} />
            </div>
            <ReportActions name={plan.name} text={text} />
          </>
        )}
      </div>
    </Modal>
  );
}

function ReportActions({ name, text }: { name: string; text: string }) {
  const bridge = useBridge();
  const run = useRun();
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async (): Promise<void> => {
    setSaving(true);
    setError(null);
    try {
      const answer = await bridge.request('plan:save-report', { name: `${name}.md`, text });
      if (!answer.ok) setError(answer.problem);
      else if (answer.saved) notifyDone('The report is saved.');
    } catch (cause) {
      setError(cause);
    } finally {
      setSaving(false);
    }
  };
  return (
    <>
      {error !== null && <ProblemNotice error={error} kept="The report is still here." />}
      <div className={styles.reportActions}>
        <span className="faint small grow" data-print="no">Markdown. It follows the plan while this is open.</span>
        <CopyButton text={text} label="report" />
        <Button leftSection={<IconPrinter size={14} />} onClick={() => void run('print')}>
          Print
        </Button>
        <Button
          variant="filled"
          leftSection={<IconDownload size={14} />}
          loading={saving}
          onClick={() => void save()}
        >
          Save
        </Button>
      </div>
    </>
  );
}
