// Backups of this computer's workspaces: when the last one was, making one, and restoring one.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { BackUpDialog, RestoreDialog } from '../backup/index.ts';
import { useStatus } from '../app/status.tsx';
import { formatBytes } from '../components/format.ts';
import { Lines, Panel } from '../components/layout.tsx';
import { CopyField, Fields } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { Time } from '../components/values.tsx';
import { useNow } from '../components/now.tsx';
import { OnServer } from './OnServer.tsx';
import { useDataInfo } from './useDataInfo.ts';
import styles from './settings.module.css';

/** Days after which the last backup is called old. */
const OLD_DAYS = 7;

export function Backup() {
  const info = useDataInfo();
  const [open, setOpen] = useState<'make' | 'restore' | null>(null);
  const { backend } = useStatus().status;
  const { data } = info;
  if (data === null) return <OnServer />;
  const again = (): void => void info.ask();
  return (
    <>
      <Panel title="Last backup">
        {info.problem ? <ProblemNotice error={info.problem} onRetry={again} /> : <Last at={data?.lastBackup?.at ?? null} known={data !== undefined} />}
        {data?.lastBackup && (
          <Fields rows={[['File', data.lastBackup.name], ['Size', formatBytes(data.lastBackup.bytes)]]} />
        )}
        <p className={styles.text}>
          A backup is one file with all workspaces of this computer and the master key, encrypted under a passphrase. It is
          opened and compared before it counts. Keep it on another disk.
        </p>
        <div className={styles.buttons}>
          <Button variant="filled" onClick={() => setOpen('make')} disabled={backend.state !== 'ready'}>Back up…</Button>
          <Button onClick={() => setOpen('restore')}>Restore a backup…</Button>
        </div>
      </Panel>
      {data !== undefined && data.kept.length > 0 && (
        <Panel title="Kept aside by a restore">
          <p className={styles.text}>
            What was here before a restore. To go back, quit Signalbox and give the folder its old name,{' '}
            <span className="mono">{nameOf(data.folder)}</span>, again. When you are sure, delete it to free its space.
          </p>
          {data.kept.map((kept) => (
            <div key={kept.folder} className={styles.keptRow}>
              <CopyField text={kept.folder} label="Folder that was kept aside" />
              <span className="dim small figures">
                {formatBytes(kept.bytes)}
                {kept.at !== null && <>, of <Time value={kept.at} /></>}
              </span>
            </div>
          ))}
        </Panel>
      )}
      {open === 'make' && <BackUpDialog onClose={() => setOpen(null)} onMade={again} />}
      {open === 'restore' && <RestoreDialog onClose={() => setOpen(null)} />}
    </>
  );
}

function nameOf(folder: string): string {
  return folder.split(/[\\/]/).at(-1) ?? folder;
}

function Last({ at, known }: { at: string | null; known: boolean }) {
  const now = useNow(60_000);
  const days = at === null ? null : (now - Date.parse(at)) / 86_400_000;
  if (!known) return <Lines widths={[40]} />;
  if (days === null) {
    return (
      <p className={styles.reminder} data-state="retrying">
        <StateShape state="retrying" />
        <span><b>Never.</b> Whatever happens to this disk happens to your workspaces.</span>
      </p>
    );
  }
  const old = days > OLD_DAYS;
  return (
    <p className={styles.reminder} data-state={old ? 'retrying' : 'succeeded'}>
      <StateShape state={old ? 'retrying' : 'succeeded'} />
      <span>
        <b>{old ? `${Math.floor(days)} days ago.` : <Time value={at} />}</b>
        {old ? ' Make another one.' : ', read back and compared.'}
      </span>
    </p>
  );
}
