// Backup: of the embedded database with its master key, proved by reading it back; and the way back from it.
export { proveBackup } from './prove.ts';
export { inspectBackup, peekBackup, type BackupFile } from './read.ts';
export { finishRestore, stageRestore } from './restore.ts';
export { writeBackup, type BackupSource, type BackupTarget, type Report } from './write.ts';
