// How much a finding matters, as shape, word and colour.
import type { ReactNode } from 'react';
import type { Severity } from '../../shared/finding.ts';
import styles from './parts.module.css';

export const severityWords: Record<Severity, string> = { urgent: 'Urgent', warning: 'Warning', info: 'Info' };

const shapes: Record<Severity, ReactNode> = {
  urgent: (
    <>
      <path d="M3.9.9h4.2l3 3v4.2l-3 3H3.9l-3-3V3.9z" fill="currentColor" />
      <path d="M6 3v3.4M6 8.7v.1" stroke="var(--panel)" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  warning: (
    <>
      <path d="M6 1.4 11 10.4H1z" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinejoin="round" />
      <path d="M6 4.6v2.4M6 8.7v.1" stroke="currentColor" strokeWidth="1.3" strokeLinecap="round" />
    </>
  ),
  info: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M6 5.6v2.8M6 3.6v.1" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
};

/** The shape alone, in its colour. Give `label` where no word stands beside it. */
export function SeverityShape({ severity, size = 12, label }: { severity: Severity; size?: number; label?: string }) {
  return (
    <span className={styles.severity} data-severity={severity}>
      <svg width={size} height={size} viewBox="0 0 12 12" role={label ? 'img' : undefined} aria-label={label} aria-hidden={!label}>
        {shapes[severity]}
      </svg>
    </span>
  );
}

/** `<SeverityBadge severity={finding.severity} />` */
export function SeverityBadge({ severity }: { severity: Severity }) {
  return (
    <span className={styles.severity} data-severity={severity}>
      <SeverityShape severity={severity} />
      {severityWords[severity]}
    </span>
  );
}
