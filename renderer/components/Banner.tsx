// A line above the screen: what is out of order, or good to know, and what can be done about it.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { StateShape } from './StateBadge.tsx';
import styles from './Banner.module.css';

interface BannerAction {
  label: string;
  run(): void;
  busy?: boolean;
}
interface BannerProps {
  /** Good to know; nothing is wrong now. */
  quiet?: boolean;
  title: string;
  children: ReactNode;
  actions?: readonly BannerAction[];
}
export function Banner({ quiet = false, title, children, actions }: BannerProps) {
  return (
    <div className={styles.banner} role="status" data-quiet={quiet || undefined} data-print="no">
      <StateShape state={quiet ? 'queued' : 'retrying'} />
      <span className="grow">
        <strong>{title}</strong> {children}
      </span>
      {actions?.map(({ label, run, busy = false }) => (
        <Button key={label} onClick={run} loading={busy}>
          {label}
        </Button>
      ))}
    </div>
  );
}
