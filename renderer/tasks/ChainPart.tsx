// A chain of handoffs as one piece of work: what it took in all, and each of its tasks with what it left to the next.
import { useQuery } from '@tanstack/react-query';
import type { TaskChain } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { formatDuration, formatMoney, formatPlural } from '../components/format.ts';
import { useNow } from '../components/now.tsx';
import { Markdown } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { TaskLink } from './TaskLink.tsx';
import styles from './tasks.module.css';

/** Longer notes are read in the task itself. */
const MOST_NOTES = 4_000;

export function ChainPart({ id }: { id: string }) {
  const api = useApi();
  const { data, error, refetch } = useQuery(api.tasks.chain.queryOptions({ id }));
  if (error && !data) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  return (
    <section className={styles.chain} aria-label="One piece of work">
      <h2>One piece of work</h2>
      <p className="dim figures"><Totals chain={data} /></p>
      <ol className={styles.chainTasks}>
        {data.items.map((item, index) => (
          <li key={item.task.id} aria-current={item.task.id === id || undefined}>
            <div className={styles.chainTask}>
              <TaskLink task={item.task} />
              {item.task.id === id && <span className="faint small">this one</span>}
            </div>
            <div className="faint small figures">{itemWords(item)}</div>
            {index > 0 && item.notes && (
              <details>
                <summary>Notes that it was given</summary>
                <Markdown text={item.notes.length > MOST_NOTES ? `${item.notes.slice(0, MOST_NOTES)}…` : item.notes} />
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** "3 tasks · 4 attempts · 41 min of work in 1 h 5 min · $1.20". */
function Totals({ chain }: { chain: TaskChain }) {
  const now = useNow(chain.finishedAt === null ? 10_000 : null);
  const until = chain.finishedAt === null ? now : Date.parse(chain.finishedAt);
  const whole = Math.max(0, (until - Date.parse(chain.startedAt)) / 1_000);
  const parts = [
    formatPlural(chain.items.length, 'task'),
    formatPlural(chain.attempts, 'attempt'),
    `${formatDuration(Math.round(chain.executionSeconds))} of work in ${formatDuration(Math.round(whole))}${chain.finishedAt === null ? ' so far' : ''}`,
    formatMoney(chain.costUsd),
  ];
  return parts.join(' · ');
}

function itemWords({ task, attempts }: TaskChain['items'][number]): string {
  const agent = attempts.at(-1)?.agentName ?? task.agentName ?? 'any agent';
  return [agent, formatPlural(attempts.length, 'attempt'), formatDuration(Math.round(task.executionSeconds)), formatMoney(task.costUsd)].join(' · ');
}
