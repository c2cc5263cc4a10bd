// Workspace: what other nouns may use, and the handlers of its operations.
export { announceWorkspace, readWorkspace, setWorkspacePlan } from './rows.ts';
export { deleteOtherDemos } from './demo.ts';
export { createWorkspaceHandlers } from './handlers.ts';
export { letGo } from './retention.ts';
