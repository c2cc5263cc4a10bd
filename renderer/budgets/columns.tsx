// The columns of the list of budgets.
import type { Budget } from '../../shared/budget.ts';
import type { ListColumn } from '../components/ListTable.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { SimulatedMark, Time } from '../components/values.tsx';
import { BudgetBar } from './BudgetBar.tsx';
import { figure, periodWords, rounded, scopeWords, shapes, stateWords } from './words.ts';
import styles from './budgets.module.css';

export const budgetColumns: readonly ListColumn<Budget>[] = [
  {
    id: 'state',
    header: 'State',
    width: 112,
    cell: ({ state }) => (
      <span className={styles.state}>
        <StateShape state={shapes[state]} />
        {stateWords[state]}
      </span>
    ),
  },
  {
    id: 'name',
    header: 'Budget of',
    width: 150,
    grow: true,
    cell: ({ scope, name, simulated }) => (
      <span className={styles.of}>
        <span className="ellipsis" title={name}>{scope === 'workspace' ? 'The workspace' : name}</span>
        {simulated && <SimulatedMark />}
      </span>
    ),
  },
  { id: 'scope', header: 'Kind', width: 88, hideBelow: 900, cell: ({ scope }) => <span className="dim">{scopeWords[scope]}</span> },
  { id: 'bar', header: 'Used', width: 96, hideBelow: 580, cell: (budget) => <BudgetBar budget={budget} /> },
  { id: 'spent', header: 'Spent', width: 80, align: 'right', hideBelow: 420, cell: (budget) => rounded(budget, budget.spent) },
  { id: 'reserved', header: 'Held', width: 80, align: 'right', hideBelow: 980, cell: heldCell },
  { id: 'amount', header: 'Amount', width: 88, align: 'right', cell: (budget) => figure(budget, budget.amount) },
  { id: 'period', header: 'In', width: 136, hideBelow: 660, cell: ({ period, unit }) => <span className="dim">{unit === 'usd' ? '' : 'executions '}{periodWords[period]}</span> },
  { id: 'over', header: 'At most over', width: 106, align: 'right', hideBelow: 1_090, cell: overCell },
  { id: 'resets', header: 'Starts anew', width: 104, align: 'right', hideBelow: 780, cell: ({ resetsAt }) => (resetsAt === null ? <span className="faint">never</span> : <Time value={resetsAt} />) },
];

function heldCell(budget: Budget) {
  return Number(budget.reserved) === 0 ? <span className="faint">–</span> : rounded(budget, budget.reserved);
}

function overCell(budget: Budget) {
  return Number(budget.overshoot) === 0 ? <span className="faint">–</span> : rounded(budget, budget.overshoot);
}
