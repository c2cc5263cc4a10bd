// Figures and times as people read them. Seconds and dollars in, words out.

// Making a formatter costs a hundred times what using it does, and a list uses them in every row.
const countFormat = new Intl.NumberFormat('en');
const dollarsFormat = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const exactFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short', day: 'numeric', month: 'short', year: 'numeric',
  hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
});

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `48,211`. */
export function formatCount(value: number): string {
  return countFormat.format(value);
}

/** "3 tasks", "1 task". */
export function formatPlural(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${formatCount(count)} ${word}s`;
}

/**
 * `2 / 3`; a dash before the first. More than its policy allows are made when a person has it tried again, and where an
 * attempt did not count: then there is nothing that they are a part of.
 */
export function formatAttempts({ attempt, maxAttempts }: { attempt: number; maxAttempts: number }): string {
  if (attempt === 0) return '–';
  return attempt > maxAttempts ? String(attempt) : `${attempt} / ${maxAttempts}`;
}

/** Short, with units: `0.4 s`, `38 s`, `4 min 12 s`, `2 h 5 min`, `3 d`. */
export function formatDuration(seconds: number): string {
  if (seconds < 10 && seconds % 1 !== 0) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3_600) % 24, Math.floor(whole / 60) % 60];
  if (days > 0) return hours === 0 ? `${days} d` : `${days} d ${hours} h`;
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** A clock of minutes and seconds: `8:12`, `1:04:09`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** Relative to now: "now", "40 s ago", "in 2 min", "3 h ago", and a date beyond a week. */
export function formatRelative(time: string, now: number): string {
  const seconds = Math.round((now - Date.parse(time)) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'now';
  if (size > 7 * 86_400) return dayFormat.format(new Date(time));
  const words =
    size < 60 ? `${size} s`
    : size < 3_600 ? `${Math.floor(size / 60)} min`
    : size < 86_400 ? `${Math.floor(size / 3_600)} h`
    : plural(Math.floor(size / 86_400), 'day');
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

/** How old something is, in one unit: `38 s`, `4 min`, `2 h`, `3 d`. Never below zero: clocks differ. */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min`;
  if (whole < 2 * 86_400) return `${Math.floor(whole / 3_600)} h`;
  return `${Math.floor(whole / 86_400)} d`;
}

/** Exact, in the person's zone, with the zone's name. */
export function formatExact(time: string): string {
  return exactFormat.format(new Date(time));
}

/** `512 B`, `48 kB`, `5.6 MB`, `1.2 GB`: in powers of ten, as disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit >= 2 && value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** `$4.12`; below a dollar three decimals, so that small costs do not read as nothing. */
export function formatMoney(dollars: string): string {
  const value = Number(dollars);
  if (value === 0) return '$0';
  if (value < 0.001) return '<$0.001';
  if (value < 1) return `$${value.toFixed(3)}`;
  return `$${dollarsFormat.format(value)}`;
}

/** The first eight digits: enough to tell ids apart on a screen. */
export function shortId(id: string): string {
  return id.length > 13 ? `${id.slice(0, 4)}…${id.slice(-6)}` : id;
}
