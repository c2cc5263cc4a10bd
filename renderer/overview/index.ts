// The overview's screen.
export { OverviewScreen } from './OverviewScreen.tsx';
