// A budget as a bar: what is spent, what is held for work in flight, what is free, the soft limit as a mark; what can go
// over the end is drawn beyond it.
import type { Budget } from '../../shared/budget.ts';
import { barWords, percentOf } from './words.ts';
import styles from './budgets.module.css';

export function BudgetBar({ budget, large = false }: { budget: Budget; large?: boolean }) {
  const spent = percentOf(budget, budget.spent);
  const reserved = Math.min(100 - spent, percentOf(budget, budget.reserved));
  const over = percentOf(budget, budget.overshoot);
  const words = barWords(budget);
  return (
    <div className={styles.bar} data-state={budget.state} data-large={large || undefined} role="img" aria-label={words} title={words}>
      <span className={styles.track}>
        <i className={styles.spent} style={{ width: `${spent}%` }} />
        <i className={styles.reserved} style={{ left: `${spent}%`, width: `${reserved}%` }} />
        <i className={styles.soft} style={{ left: `${budget.softPercent}%` }} />
      </span>
      <span className={styles.over}>{over > 0 && <i style={{ width: `${Math.max(18, over)}%` }} />}</span>
    </div>
  );
}
