// The tasks' screen, and what other nouns may show of a task.
export { TaskBeside } from './TaskBeside.tsx';
export { TaskLink } from './TaskLink.tsx';
export { TasksScreen } from './TasksScreen.tsx';
