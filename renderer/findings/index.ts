// The findings' screen.
export { FindingsScreen } from './FindingsScreen.tsx';
