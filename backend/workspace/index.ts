// Workspace: what other nouns may use, and the handlers of its operations.
export { announceWorkspace, readWorkspace, setWorkspacePlan } from './rows.ts';
export { workspaceHandlers } from './handlers.ts';
