// The square in a workspace's colour; hollow before the first sign-in.
import type { Accent } from '../../shared/accent.ts';
import styles from './connections.module.css';

export function Swatch({ accent, size = 12 }: { accent: Accent | null; size?: number }) {
  return <span className={styles.swatch} data-tint={accent ?? undefined} style={{ width: size, height: size }} aria-hidden />;
}
