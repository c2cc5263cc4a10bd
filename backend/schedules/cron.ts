// Cron expressions in a time zone, over the croner package; the clock is always handed in.
import { Cron } from 'croner';
import { AppError } from '../../shared/errors.ts';

export interface Rhythm {
  cron: string;
  timeZone: string;
}

function refuse(path: string, message: string, cause: unknown): AppError {
  return new AppError('validation_failed', `${path}: ${message}`, { details: { fields: [{ path, message }] }, cause });
}

/** Throws `validation_failed` at the field that is wrong. */
function parse({ cron, timeZone }: Rhythm): Cron {
  try {
    Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw refuse('timeZone', `There is no time zone "${timeZone}". Use an IANA name, such as Europe/Zurich or UTC.`, cause);
  }
  try {
    return new Cron(cron, { timezone: timeZone, paused: true });
  } catch (cause) {
    const fix = 'Write five fields: minute, hour, day, month, weekday; such as "0 3 * * 1-5".';
    throw refuse('cron', `"${cron}" is no cron expression. ${fix}`, cause);
  }
}

/** The first time after `after`; null: never again. */
export function nextTime(rhythm: Rhythm, after: Date): Date | null {
  return parse(rhythm).nextRun(after);
}

/** The next times after `after`, at most `count`. */
export function nextTimes(rhythm: Rhythm, after: Date, count: number): Date[] {
  return parse(rhythm).nextRuns(count, after);
}
