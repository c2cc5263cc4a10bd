// The tasks' screen, and what other nouns may show of a task.
export { TaskLink } from './TaskLink.tsx';
export { TasksScreen } from './TasksScreen.tsx';
