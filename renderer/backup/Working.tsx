// A line for each part of the work, with how far it is.
import { Progress } from '@mantine/core';
import type { BackupProgress, BackupStage } from '../../shared/backup.ts';
import { formatBytes } from '../components/format.ts';
import styles from './backup.module.css';

const words: Record<BackupStage, string> = {
  copying: 'Copying the database. Work goes on when that is done.',
  reading_back: 'Reading the backup back from the disk.',
  checking: 'Comparing every table and every audit log.',
  restoring: 'Writing the database beside the present one.',
};

export function Working({ progress, first }: { progress: BackupProgress | null; first: string }) {
  const known = progress !== null && progress.total > 0;
  const share = known ? (progress.done / progress.total) * 100 : 100;
  return (
    <div className={styles.working}>
      <span role="status">{progress === null ? first : words[progress.stage]}</span>
      <Progress value={share} animated={!known} size={6} aria-label="Progress" color="accent" />
      <span className="small dim figures">
        {known ? `${formatBytes(progress.done)} of ${formatBytes(progress.total)}` : 'This takes a few seconds.'}
      </span>
    </div>
  );
}
