// Says that a workspace is the demo, wherever its name stands.
import { Tooltip } from '@mantine/core';
import styles from './demo.module.css';

export const DEMO_NOTICE = 'Demo: a made-up company on this computer. All of its agents are simulated, no model runs.';

export function DemoTag() {
  return (
    <Tooltip label={DEMO_NOTICE}>
      <span className={styles.tag}>demo</span>
    </Tooltip>
  );
}
