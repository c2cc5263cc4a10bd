// How far the backup or the restore of this computer is, as main tells it.
import { useEffect, useState } from 'react';
import type { BackupProgress } from '../../shared/backup.ts';
import { useBridge } from '../components/bridge.tsx';

export function useBackupProgress(): BackupProgress | null {
  const bridge = useBridge();
  const [progress, setProgress] = useState<BackupProgress | null>(null);
  useEffect(() => bridge.on('backup:progress', setProgress), [bridge]);
  return progress;
}
