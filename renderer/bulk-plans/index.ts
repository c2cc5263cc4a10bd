// Bulk plans: the screen of jobs, and the menu that other lists may show.
export { BulkDialog } from './BulkDialog.tsx';
export { BulkMenu, TaskMenu } from './BulkMenu.tsx';
export { BulkPlansScreen } from './BulkPlansScreen.tsx';
