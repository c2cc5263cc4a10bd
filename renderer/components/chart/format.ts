// Figures on axes: three digits and a letter, so that they fit beside the plot.

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** `1.2K`, `25K`, `3.4M`. */
export function formatShort(value: number): string {
  return short.format(value);
}

/** `$0.002`, `$12`, `$1.2K`. */
export function formatShortMoney(dollars: number): string {
  return dollars < 0.01 && dollars > 0 ? `$${Number(dollars.toPrecision(2))}` : `$${short.format(dollars)}`;
}

/** Seconds in the one unit that fits: `250 ms`, `40 s`, `5 min`, `1.5 h`, `3 d`. */
export function formatShortSeconds(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds < 1) return `${Number((seconds * 1_000).toPrecision(3))} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  if (seconds < 7_200) return `${Number((seconds / 60).toPrecision(3))} min`;
  if (seconds < 172_800) return `${Number((seconds / 3_600).toPrecision(3))} h`;
  return `${short.format(seconds / 86_400)} d`;
}
