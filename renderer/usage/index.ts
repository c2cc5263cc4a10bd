// Usage: what other rooms may use.
export { UsageScreen } from './UsageScreen.tsx';
