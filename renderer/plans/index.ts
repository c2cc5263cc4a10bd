// The plans' screen, and what holds a plan that is being imported above all screens.
export { PlanImportProvider } from './draft.tsx';
export { PlansScreen } from './PlansScreen.tsx';
