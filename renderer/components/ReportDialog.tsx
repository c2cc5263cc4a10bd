// A report in Markdown as it stands, to read, to copy and to save.
import { Button, Modal } from '@mantine/core';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useRun } from './actions.tsx';
import { useBridge } from './bridge.tsx';
import { notifyDone } from './notify.ts';
import { CopyButton, Markdown } from './output.tsx';
import { ProblemNotice } from './ProblemNotice.tsx';
import styles from './report.module.css';

interface ReportDialogProps {
  /** What it is the report of; also its file's name. */
  name: string;
  /** A mark beside the title. */
  aside?: ReactNode;
  /** Undefined while it is on its way. */
  text: string | undefined;
  error: unknown;
  onRetry(): void;
  onClose(): void;
}
export function ReportDialog({ name, aside, text, error, onRetry, onClose }: ReportDialogProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      size={860}
      title={
        <span className={styles.title}>
          Report · {name}
          {aside}
        </span>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={styles.report} data-print="report">
        {Boolean(error) && text === undefined && <ProblemNotice error={error} onRetry={onRetry} />}
        {text === undefined && !error && (
          <div className={styles.ghosts} aria-hidden>
            {[40, 92, 86, 70, 90, 64].map((width) => (
              <i key={width} style={{ width: `${width}%` }} />
            ))}
          </div>
        )}
        {text !== undefined && (
          <>
            {/* Scrolled by the keys too. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <div className={styles.text} tabIndex={0} data-autofocus role="region" aria-label="Report">
              <Markdown text={text} />
            </div>
            <ReportActions name={name} text={text} />
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
      <div className={styles.actions}>
        <span className="faint small grow" data-print="no">Markdown. It follows the work while this is open.</span>
        <CopyButton text={text} label="report" />
        <Button leftSection={<IconPrinter size={14} />} onClick={() => void run('print')}>
          Print
        </Button>
        <Button variant="filled" leftSection={<IconDownload size={14} />} loading={saving} onClick={() => void save()}>
          Save
        </Button>
      </div>
    </>
  );
}
