// What closing the last window means while work runs on this computer: asked once, plainly, and remembered if wished.
import type { Preferences } from '../../shared/ipc.ts';

export type ClosingChoice = 'background' | 'quit' | 'stay';

export interface ClosingQuestion {
  message: string;
  detail: string;
  /** The buttons, in the order of `choices`. */
  buttons: string[];
  choices: ClosingChoice[];
}

/** The question, in words that fit what this system can do. */
export function closingQuestion(running: number, tray: boolean): ClosingQuestion {
  const tasks = running === 1 ? '1 task runs' : `${running} tasks run`;
  const them = running === 1 ? 'it' : 'them';
  return {
    message: `${tasks} on this computer.`,
    detail: tray
      ? `In the tray, Signalbox goes on working and its icon brings the window back. If you quit, ${them === 'it' ? 'the task is' : 'the tasks are'} put back in the queue and tried again at the next start.`
      : `This desktop shows no tray, so the window would be out of reach; minimised, it stays in the list of windows and the work goes on. If you quit, ${them === 'it' ? 'the task is' : 'the tasks are'} put back in the queue and tried again at the next start.`,
    buttons: [tray ? 'Keep running in the tray' : 'Keep running, minimised', `Quit and put ${them} back`, 'Stay here'],
    choices: ['background', 'quit', 'stay'],
  };
}

export interface ClosingParts {
  closing(): Preferences['closing'];
  remember(choice: Preferences['closing']): void;
  /** Tasks that run in this computer's own backend now. */
  running(): Promise<number>;
  tray(): boolean;
  ask(question: ClosingQuestion): Promise<{ choice: ClosingChoice; remember: boolean }>;
  /** Closes the window, and the app with it where windows end the app. */
  close(): void;
  /** Closes the window and goes on in the tray. */
  hide(): void;
  minimise(): void;
  quit(): void;
}

/** Decides about the last window, which stays open until this has ended. */
export async function closeLastWindow(parts: ClosingParts): Promise<void> {
  const running = await parts.running();
  if (running === 0) return parts.close();
  const choice = await decide(running, parts);
  if (choice === 'quit') return parts.quit();
  if (choice === 'stay') return;
  if (parts.tray()) parts.hide();
  else parts.minimise();
}

async function decide(running: number, parts: ClosingParts): Promise<ClosingChoice> {
  const kept = parts.closing();
  if (kept !== 'ask') return kept;
  const { choice, remember } = await parts.ask(closingQuestion(running, parts.tray()));
  if (remember && choice !== 'stay') parts.remember(choice);
  return choice;
}

/** The tasks in a state over all workspaces, as the backend's Prometheus text counts them. */
export function countTasks(prometheus: string, state: string): number {
  const line = new RegExp(`^tasks_by_state\\{[^}]*state="${state}"[^}]*\\} (\\d+)`, 'gm');
  let sum = 0;
  for (const match of prometheus.matchAll(line)) sum += Number(match[1]);
  return sum;
}
