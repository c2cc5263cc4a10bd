// The budgets that hold for an agent or a plan, in its details: its own, and the workspace's.
import { useQuery } from '@tanstack/react-query';
import type { Budget } from '../../shared/budget.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { useMay } from '../app/me.tsx';
import { BudgetBar } from './BudgetBar.tsx';
import { periodWords, rounded, say } from './words.ts';
import styles from './budgets.module.css';

interface BudgetsOfProps {
  agentId?: string;
  planId?: string;
  className?: string | undefined;
}
export function BudgetsOf({ agentId, planId, className = styles.part }: BudgetsOfProps) {
  const api = useApi();
  const may = useMay('budgets:write');
  const { data } = useQuery(api.budgets.list.queryOptions({ limit: 20, ...(agentId && { agentId }), ...(planId && { planId }) }));
  const budgets = data?.items.filter(({ scope }) => scope === 'workspace' || scope === (agentId ? 'agent' : 'plan'));
  if (!budgets || (budgets.length === 0 && !may.allowed)) return null;
  return (
    <section className={className}>
      <h2>Budgets</h2>
      {budgets.length === 0 && <p className="dim">None: only the quota of the month holds.</p>}
      <ul className={styles.compact}>
        {budgets.map((budget) => <li key={budget.id}><Line budget={budget} /></li>)}
      </ul>
      {may.allowed && (
        <Link to={{ place: 'budgets', search: { new: '1', agent: agentId, plan: planId } }} className={styles.link}>Set a budget</Link>
      )}
    </section>
  );
}

function Line({ budget }: { budget: Budget }) {
  const of = `${rounded(budget, budget.spent)} of ${say(budget, budget.amount)} ${periodWords[budget.period]}`;
  return (
    <Link to={{ place: 'budgets', id: budget.id }} className={styles.line}>
      <span className={styles.lineWords}>
        <span>{of}</span>
        {budget.scope === 'workspace' && <span className="faint small">workspace</span>}
      </span>
      <BudgetBar budget={budget} />
    </Link>
  );
}
