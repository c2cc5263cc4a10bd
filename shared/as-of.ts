// The words for a time at which what is shown was the truth: the clock, and the day where it was another one.

/** Stands in a kept page where those words go; they depend on when it is shown. */
export const AS_OF_PLACE = '%as-of%';

const two = (value: number): string => String(value).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `as of 10:42, connecting…`, or `as of 24 Nov, 10:42, connecting…`; in the zone of this computer. */
export function asOfWords(at: string, now: number): string {
  const then = new Date(at);
  const clock = `${two(then.getHours())}:${two(then.getMinutes())}`;
  const sameDay = then.toDateString() === new Date(now).toDateString();
  const day = sameDay ? '' : `${then.getDate()} ${months[then.getMonth()] ?? ''}, `;
  return `as of ${day}${clock}, connecting…`;
}
