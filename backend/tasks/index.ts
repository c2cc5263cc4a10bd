// Tasks: what other nouns and the composition roots may use.
import { settleAgents } from '../agents/index.ts';
import { settleBudgets } from '../budgets/index.ts';
import type { Settlers } from '../platform/tenant-transaction.ts';
import { settleUsage } from '../usage/index.ts';

/** What a transaction that begins or ends attempts must settle; other nouns' settlers come after these. */
export const taskSettlers: Settlers = { agent: settleAgents, budget: settleBudgets, usage: settleUsage };

export { actOnMany, purgeDeleted, undoOnMany, type ManyTasks, type TaskBefore } from './act-on-many.ts';
export { conditionOf, type TaskFilter } from './filter.ts';
export { readErrorGroups } from './error-groups.ts';
export { createClaimants, type Claimants } from './claimants.ts';
export { cancelPlanTasks, settlePlanTasks } from './commands.ts';
export { createTask, insertTasks, type NewTask } from './create.ts';
export { createCreationHandlers } from './creation-handlers.ts';
export { createEngine, type Calendar, type Engine } from './engine.ts';
export { taskHandlers } from './handlers.ts';
export { findTasks, toSummary, type TaskRow } from './rows.ts';
export { countByState } from './samples.ts';
export { createWorkHandlers } from './work-handlers.ts';
