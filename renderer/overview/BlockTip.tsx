// What a block says when it is pointed at or reached by the keys: one for the whole board, not one for each block.
import { Portal } from '@mantine/core';
import type { Agent } from '../../shared/agent.ts';
import type { LaneBlock } from '../../shared/overview.ts';
import { formatClock, formatDuration, formatExact } from '../components/format.ts';
import { useNow } from '../components/now.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { SimulatedTag } from '../components/values.tsx';
import { usedOf } from './laneGeometry.ts';
import styles from './Board.module.css';

export interface Tipped {
  block: LaneBlock;
  agent: Agent;
  rect: DOMRect;
}

const WIDTH = 300;

export function BlockTip({ block, agent, rect, simulated }: Tipped & { simulated: boolean }) {
  const runs = block.finishedAt === null;
  const now = useNow(runs ? 1_000 : null);
  const used = usedOf(block, now);
  const left = Math.max(
    8,
    Math.min(rect.left + Math.min(rect.width, 80) / 2 - 40, window.innerWidth - WIDTH - 8),
  );
  const below = rect.bottom + 120 < window.innerHeight;
  const place = below ? { top: rect.bottom + 6 } : { bottom: window.innerHeight - rect.top + 6 };
  return (
    <Portal>
      <div className={styles.tip} role="tooltip" style={{ left, width: WIDTH, ...place }}>
        <div className={styles.tipTitle}>{block.title}</div>
        <div className={styles.tipLine}>
          <StateBadge state={block.state} />
          <span className="dim figures">attempt {block.attempt}</span>
          <span className="dim figures" data-near={used.near || undefined}>
            {runs
              ? `${formatClock(used.seconds)} of ${formatDuration(block.timeLimitSeconds)}`
              : formatDuration(used.seconds)}
          </span>
        </div>
        <div className={styles.tipLine}>
          <span className="ellipsis">{agent.name}</span>
          {simulated && <SimulatedTag />}
        </div>
        <div className="faint small figures">from {formatExact(block.startedAt)}</div>
      </div>
    </Portal>
  );
}
