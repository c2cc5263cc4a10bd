// A verdict as shape, word and colour; the same in rows, buttons, legends and conflicts.
import type { ReactNode } from 'react';
import { verdictWords, type ShownVerdict } from './reviewView.ts';
import styles from './reviews.module.css';

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.6, strokeLinecap: 'round' } as const;
const shapes: Record<ShownVerdict, ReactNode> = {
  undecided: <circle cx="6" cy="6" r="4.2" {...stroke} />,
  pass: <circle cx="6" cy="6" r="4.6" fill="currentColor" />,
  fail: <path d="M6 1.5 11 10.4H1z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />,
  not_applicable: (
    <>
      <circle cx="6" cy="6" r="4.2" {...stroke} />
      <path d="M3.1 8.9 8.9 3.1" {...stroke} />
    </>
  ),
  waived: <path d="M1 6h6.6M5 3.2 7.8 6 5 8.8M10.6 2.4v7.2" {...stroke} strokeLinejoin="round" />,
};

/** The shape alone. Give `label` where no word stands beside it. */
export function VerdictShape({ verdict, label }: { verdict: ShownVerdict; label?: string }) {
  return (
    <svg
      className={styles.shape}
      data-verdict={verdict}
      width={12}
      height={12}
      viewBox="0 0 12 12"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {shapes[verdict]}
    </svg>
  );
}

export function VerdictBadge({ verdict, children }: { verdict: ShownVerdict; children?: ReactNode }) {
  return (
    <span className={styles.verdict} data-verdict={verdict}>
      <VerdictShape verdict={verdict} />
      {children ?? verdictWords[verdict]}
    </span>
  );
}
