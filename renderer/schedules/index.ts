// The schedules, as the screen of queues shows them.
export { SchedulesPart } from './SchedulesPart.tsx';
