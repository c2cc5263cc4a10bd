// Budgets: their screen, and what other nouns show of them.
export { BudgetsOf } from './BudgetsOf.tsx';
export { BudgetsScreen } from './BudgetsScreen.tsx';
