// Tasks: what other nouns and the composition roots may use.
export { cancelPlanTasks, settlePlanTasks } from './commands.ts';
export { insertTasks, type NewTask } from './create.ts';
export { createEngine, type Engine } from './engine.ts';
export { taskHandlers } from './handlers.ts';
export { findTasks, toSummary, type TaskRow } from './rows.ts';
export { countActive, countByState } from './samples.ts';
export { createWorkHandlers } from './work-handlers.ts';
