// Progress as parts of a whole, each in its state's colour.
import { stateWords, type ShownState } from './state.ts';
import styles from './parts.module.css';

interface ProgressBarProps {
  parts: { state: ShownState; value: number }[];
  total: number;
  label: string;
  height?: number;
}
/** `<ProgressBar label="Progress of the plan" total={12} parts={[{ state: 'succeeded', value: 7 }]} />` */
export function ProgressBar({ parts, total, label, height }: ProgressBarProps) {
  const shown = parts.filter((part) => part.value > 0);
  const words = shown.map((part) => `${part.value} ${stateWords[part.state].toLowerCase()}`).join(', ');
  return (
    <div className={styles.progress} style={{ height }} role="img" aria-label={`${label}: ${words || 'nothing yet'} of ${total}`}>
      {shown.map((part) => (
        <i key={part.state} data-state={part.state} style={{ width: `${total === 0 ? 0 : (part.value / total) * 100}%` }} />
      ))}
    </div>
  );
}
