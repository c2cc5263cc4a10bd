// A task named in a sentence or a list: its state's shape and its title, leading to it.
import type { TaskSummary } from '../../shared/task.ts';
import { Link } from '../app/Link.tsx';
import { useRoute } from '../app/routes.ts';
import { shownState, stateWords } from '../components/state.ts';
import { StateShape } from '../components/StateBadge.tsx';
import styles from './tasks.module.css';

/** Within the tasks' screen the list stays as it is filtered. */
export function TaskLink({ task }: { task: Pick<TaskSummary, 'id' | 'title' | 'state' | 'attempt' | 'runAt' | 'kind' | 'waitReason'> }) {
  const route = useRoute();
  const state = shownState(task);
  const { new: _new, ...search } = route.place === 'tasks' ? route.search : {};
  return (
    <span className={styles.taskLink}>
      <StateShape state={state} label={stateWords[state]} />
      <Link to={{ place: 'tasks', id: task.id, search }} className="ellipsis" title={task.title}>
        {task.title}
      </Link>
    </span>
  );
}
