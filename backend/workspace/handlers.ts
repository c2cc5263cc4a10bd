// The handlers of the workspace's operations: reading it, its name, what it keeps, and the switch that pauses
// everything.
import type { workspaceOperations } from '../../shared/workspace.ts';
import type { Database } from '../platform/database.ts';
import { inTenant, onPlatform, type HandlersOf } from '../platform/doors/handlers.ts';
import type { RunInTenant } from '../platform/tenant-transaction.ts';
import type { Tenants } from '../platform/tenants.ts';
import { deleteDemo } from './demo.ts';
import { previewRetention } from './retention.ts';
import { announceWorkspace, lockWorkspace, readWorkspace, updateLimits, updateName, updatePaused, updateRetention } from './rows.ts';
import { readStorage } from './storage.ts';

export interface WorkspaceOptions {
  database: Database;
  tenants: Tenants;
  runInTenant: RunInTenant;
}

export function createWorkspaceHandlers(options: WorkspaceOptions): HandlersOf<typeof workspaceOperations> {
  return {
    ...inWorkspace,
    deleteDemo: onPlatform(async ({ credential }) => {
      await deleteDemo(options, credential!.tenant);
      return null;
    }),
  };
}

export const inWorkspace: Omit<HandlersOf<typeof workspaceOperations>, 'deleteDemo'> = {
  get: inTenant((tx) => readWorkspace(tx)),
  rename: inTenant(async (tx, { name }) => {
    const before = await lockWorkspace(tx);
    if (before.name === name) return before;
    const after = await updateName(tx, name);
    announceWorkspace(tx, 'workspace.renamed', {
      before: { name: before.name },
      after,
      action: 'workspace.rename',
    });
    return after;
  }),
  setLimits: inTenant(async (tx, { maxRunning }) => {
    const before = await lockWorkspace(tx);
    if (before.maxRunning === maxRunning) return before;
    const after = await updateLimits(tx, maxRunning);
    announceWorkspace(tx, 'workspace.limits_changed', {
      before: { maxRunning: before.maxRunning },
      after,
      action: 'workspace.setLimits',
    });
    // More may run than before.
    tx.ready();
    return after;
  }),
  storage: inTenant(async (tx) => ({ items: await readStorage(tx) })),
  previewRetention: inTenant(previewRetention),
  setRetention: inTenant(async (tx, wanted) => {
    const before = await lockWorkspace(tx);
    if (before.keepEventsDays === wanted.keepEventsDays) return before;
    const after = await updateRetention(tx, wanted);
    announceWorkspace(tx, 'workspace.retention_changed', {
      before: { keepEventsDays: before.keepEventsDays },
      after,
      action: 'workspace.setRetention',
    });
    // The next look lets go of what is too old now.
    tx.ready();
    return after;
  }),
  setPaused: inTenant(async (tx, { paused }) => {
    const before = await lockWorkspace(tx);
    // Twice the same is once: a second person pressing the switch must not look like a change.
    if (before.paused === paused) return before;
    const after = await updatePaused(tx, paused);
    announceWorkspace(tx, paused ? 'workspace.paused' : 'workspace.resumed', {
      before: { paused: before.paused, pausedAt: before.pausedAt, pausedBy: before.pausedBy },
      after,
      action: 'workspace.setPaused',
    });
    if (!paused) tx.ready();
    return after;
  }),
};
