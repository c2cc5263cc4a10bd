// The screen of queues and schedules.
export { QueuesScreen } from './QueuesScreen.tsx';
