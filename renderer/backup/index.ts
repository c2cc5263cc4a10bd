// Backup: the dialogs that make one and restore one, wherever they are opened from.
export { BackUpDialog } from './BackUpDialog.tsx';
export { RestoreDialog } from './RestoreDialog.tsx';
