// The throughput in words and figures: how much, how fast, and where the labels at the lines' ends go.
import type { Overview } from '../../shared/overview.ts';

export type Part = Overview['throughput'][number];

export interface Totals {
  succeeded: number;
  failed: number;
  perMinute: number;
}
export function totalsOf(parts: readonly Part[], windowMinutes: number): Totals {
  const succeeded = parts.reduce((sum, part) => sum + part.succeeded, 0);
  const failed = parts.reduce((sum, part) => sum + part.failed, 0);
  return { succeeded, failed, perMinute: (succeeded + failed) / windowMinutes };
}

/** `10.4 / min`; a slow one by the hour. */
export function formatRate(perMinute: number): string {
  if (perMinute === 0) return '0 / min';
  if (perMinute < 1) return `${round(perMinute * 60)} / h`;
  return `${round(perMinute)} / min`;
}
const round = (value: number): string =>
  value < 10 ? String(Math.round(value * 10) / 10) : Math.round(value).toLocaleString('en');

/** Labels at the ends of two lines keep 14 px apart, each as near its own line as that allows. */
export function labelOffsets(upper: number, lower: number): [number, number] {
  const gap = Math.abs(lower - upper);
  if (gap >= LABEL_GAP) return [0, 0];
  const apart = (LABEL_GAP - gap) / 2;
  return upper <= lower ? [-apart, apart] : [apart, -apart];
}
const LABEL_GAP = 14;

/** The time of a part on the axis: of the day, and for days the weekday. */
export function formatPart(at: string, windowMinutes: number): string {
  const time = new Date(at);
  if (windowMinutes > 2_880) return time.toLocaleDateString('en', { weekday: 'short', day: 'numeric' });
  return time.toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false });
}
