// Times of a usage chart in words: on the axis, and a whole bucket for the tip. In the range's own zone.
import type { UsageBucket } from '../../shared/usage.ts';
import type { ChartPoint } from '../components/chart/index.ts';

interface Labels {
  axis(point: Pick<ChartPoint, 'at'>): string;
  /** "20 Nov, 14:00 – 15:00", "Fri 20 Nov", "November 2026"; several buckets from the first to the last. */
  span(point: Pick<ChartPoint, 'at' | 'until'>): string;
}

/** Made once for a range: a formatter costs a hundred times what using it does. */
export function labelsFor(bucket: UsageBucket, timeZone: string): Labels {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat('en-GB', { timeZone, ...options });
    return (time: number): string => made.format(time);
  };
  const clock = format({ hour: '2-digit', minute: '2-digit' });
  const day = format({ day: 'numeric', month: 'short' });
  const weekday = format({ weekday: 'short', day: 'numeric', month: 'short' });
  const month = format({ month: 'short', year: 'numeric' });
  const monthOnly = format({ month: 'short' });
  const year = format({ year: 'numeric' });
  const [from, to] = [(point: { at: string }) => Date.parse(point.at), (point: { until: string }) => Date.parse(point.until)];
  switch (bucket) {
    case 'hour':
      return {
        axis: (point) => (clock(from(point)) === '00:00' ? day(from(point)) : clock(from(point))),
        span: (point) => {
          const sameDay = day(from(point)) === day(to(point) - 1);
          return `${day(from(point))}, ${clock(from(point))} – ${sameDay ? '' : `${day(to(point))}, `}${clock(to(point))}`;
        },
      };
    case 'day':
      return {
        axis: (point) => day(from(point)),
        span: (point) => {
          const [first, last] = [weekday(from(point)), weekday(to(point) - 1)];
          return first === last ? first : `${first} – ${last}`;
        },
      };
    case 'month':
      return {
        axis: (point) => (monthOnly(from(point)) === 'Jan' ? year(from(point)) : monthOnly(from(point))),
        span: (point) => {
          const [first, last] = [month(from(point)), month(to(point) - 1)];
          return first === last ? first : `${first} – ${last}`;
        },
      };
  }
}

/** What a chart's parts are, and in which zone: "by the day, in UTC as the quota counts". */
export function zoneWords(bucket: UsageBucket, timeZone: string): string {
  if (bucket === 'hour') return `Hours in ${timeZone}.`;
  const unit = bucket === 'day' ? 'Days' : 'Months';
  return timeZone === 'UTC' ? `${unit} are those of UTC, as the quota counts.` : `Days in ${timeZone}; the quota's month is counted in UTC.`;
}
