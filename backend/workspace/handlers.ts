// The handlers of the workspace's operations: reading it, and the one switch that pauses everything.
import type { workspaceOperations } from '../../shared/workspace.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { announceWorkspace, lockWorkspace, readWorkspace, updatePaused } from './rows.ts';

export const workspaceHandlers: HandlersOf<typeof workspaceOperations> = {
  get: inTenant((tx) => readWorkspace(tx)),
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
