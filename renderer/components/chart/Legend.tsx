// What the colours of a stack mean, with the sum of each; a click goes to what is behind it.
import { SeriesMark } from './overlay.tsx';
import type { ChartSeries } from './series.ts';
import type { ReactNode } from 'react';
import styles from './chart.module.css';

interface LegendProps {
  label: string;
  items: readonly (ChartSeries & { value?: string; tag?: ReactNode })[];
}

export function Legend({ label, items }: LegendProps) {
  return (
    <ul className={styles.legend} aria-label={label}>
      {items.map(({ key, label, color, dash, value, tag }) => (
        <li key={key}>
          <SeriesMark color={color} dash={dash} />
          <span className="ellipsis" title={label}>{label}</span>
          {tag}
          {value !== undefined && <b>{value}</b>}
        </li>
      ))}
    </ul>
  );
}
