// The tasks' screen, what other nouns may show of a task, and the form of one that is to be made.
export { emptyTask, renamedTaskFields, taskFields, taskFormOf, taskRules, toTaskInput, type TaskForm } from './newTask.ts';
export { ApproveDialog } from './ApproveDialog.tsx';
export { TaskBeside } from './TaskBeside.tsx';
export { TaskFields } from './TaskFields.tsx';
export { TaskLink } from './TaskLink.tsx';
export { TasksScreen } from './TasksScreen.tsx';
