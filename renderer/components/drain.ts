// Draining: what was paused takes nothing new, and what runs of it runs on to its end. The same words everywhere.
import { formatCount } from './format.ts';

/** Of something that is paused: "Draining: 3 still run", then "Drained: nothing runs". */
export function drainWords(running: number): string {
  if (running === 0) return 'Drained: nothing runs';
  return `Draining: ${formatCount(running)} still ${running === 1 ? 'runs' : 'run'}`;
}

/** In a row: "Draining · 3", then "Drained". */
export function drainMark(running: number): string {
  return running === 0 ? 'Drained' : `Draining · ${formatCount(running)}`;
}
