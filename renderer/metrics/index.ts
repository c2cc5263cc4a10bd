// Live operation: what other rooms may use.
export { MetricsScreen } from './MetricsScreen.tsx';
export { WaitAndRun } from './WaitAndRun.tsx';
