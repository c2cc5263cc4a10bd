// Demo: the ways into it, and what says that a window is in it.
export { DemoBanner } from './DemoBanner.tsx';
export { DemoTag } from './DemoTag.tsx';
export { LeaveDemoButton } from './LeaveDemoButton.tsx';
export { TryDemo } from './TryDemo.tsx';
export { TryDemoAction } from './TryDemoAction.tsx';
