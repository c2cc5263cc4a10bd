// A cron expression in words, and times in the zone of the person. Whether it is one, the backend says. Pure.
import cronstrue from 'cronstrue';

/** "At 03:00, Monday through Friday"; null where it cannot be said. */
export function cronWords(cron: string): string | null {
  try {
    // Where a day of the month and a weekday are given, either will do: so cron has always had it.
    return cronstrue.toString(cron, { use24HourTimeFormat: true }).replace(/, and (?=on )/, ', or ');
  } catch {
    return null;
  }
}

/** The zone of the person at this computer. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every zone that can be chosen, with UTC, which the list of the language leaves out. */
export function timeZones(): string[] {
  return [...new Set(['UTC', ownZone(), ...Intl.supportedValuesOf('timeZone')])];
}

/** "Mon 23 Nov, 03:00", in the person's zone; with the year where it is another one. */
export function formatRun(time: string, now: number, timeZone?: string): string {
  const at = new Date(time);
  const year = at.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const };
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone, ...year,
    ...(at.getSeconds() !== 0 && { second: '2-digit' }),
  }).format(at);
}
