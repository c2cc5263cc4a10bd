// A node of the graph: what is done, by whom, how it stands, and the time used of its limit along its foot.
import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { createContext, memo, useContext, useId } from 'react';
import { formatClock, formatDuration } from '../components/format.ts';
import { useNow } from '../components/now.tsx';
import { stateWords } from '../components/state.ts';
import { StateShape } from '../components/StateBadge.tsx';
import { SimulatedMark } from '../components/values.tsx';
import type { GraphCard } from './PlanGraph.tsx';
import styles from './graph.module.css';

export type CardNode = Node<{ card: GraphCard }, 'card'>;

interface Spot {
  /** The node that Tab reaches. */
  focused: string | null;
  /** The node whose details are open. */
  selected: string | null;
  opens: boolean;
}
export const SpotContext = createContext<Spot>({ focused: null, selected: null, opens: false });

export const NodeCard = memo(PlainNodeCard, (before, after) => sameCard(before.data.card, after.data.card));

/** Cards are made anew with each change of the plan; only those that differ are drawn. */
function sameCard(a: GraphCard, b: GraphCard): boolean {
  return (Object.keys(a) as (keyof GraphCard)[]).every((name) => name === 'dependsOn' || a[name] === b[name]);
}

function PlainNodeCard({ data: { card } }: NodeProps<CardNode>) {
  const { focused, selected, opens } = useContext(SpotContext);
  const id = useId();
  const { state } = card;
  const words = state === null ? formatDuration(card.timeLimitSeconds) : stateWords[state];
  return (
    <>
      <Handle type="target" position={Position.Left} className={styles.handle} isConnectable={false} />
      <div
        className={styles.card}
        role={opens ? 'button' : 'group'}
        tabIndex={card.key === focused ? 0 : -1}
        data-card={card.key}
        data-state={state ?? undefined}
        data-selected={card.key === selected || undefined}
        // Its own words are its name, in this order; the style puts the agent above the state.
        id={id}
        aria-labelledby={id}
        aria-pressed={opens ? card.key === selected : undefined}
      >
        <div className={styles.title} title={card.title}>
          {card.title}
        </div>{' '}
        <Stand card={card} words={words} />{' '}
        <div className={styles.who}>
          <span className="ellipsis" title={card.agent ?? undefined}>
            {card.agent ?? 'any agent'}
          </span>{' '}
          {card.simulated && <SimulatedMark />}
        </div>
        {state !== null && <Foot card={card} />}
      </div>
      <Handle type="source" position={Position.Right} className={styles.handle} isConnectable={false} />
    </>
  );
}

function Stand({ card, words }: { card: GraphCard; words: string }) {
  const { state, handoffs } = card;
  if (state === null) {
    return (
      <div className={styles.stand}>
        <span className="faint figures">limit {words}</span>
      </div>
    );
  }
  const runs = state === 'running' && card.startedAt !== null;
  return (
    <div className={styles.stand}>
      <StateShape state={state} size={11} />
      <span className="ellipsis">
        {runs ? <Running since={card.startedAt ?? ''} limit={card.timeLimitSeconds} /> : words}
      </span>{' '}
      {handoffs > 0 && (
        <span
          className={styles.handoffs}
          data-state="handed_off"
          title={`Handed off ${handoffs} ${handoffs === 1 ? 'time' : 'times'} before`}
        >
          <StateShape state="handed_off" size={10} label="Handoffs" />
          {handoffs}
        </span>
      )}
    </div>
  );
}

/** `Running · 8:12 of 15 min`; zoomed out the word goes, and what is left still begins the name of the node. */
function Running({ since, limit }: { since: string; limit: number }) {
  const { seconds, near } = useUsed(since, limit);
  return (
    <span className={styles.used} style={near ? { color: 'var(--retry)' } : undefined}>
      <span>{`${formatClock(seconds)} of ${formatDuration(limit)} `}</span>
      <span className={styles.word}>{`${stateWords.running} · `}</span>
    </span>
  );
}

function useUsed(since: string, limit: number): { seconds: number; share: number; near: boolean } {
  const now = useNow(1_000);
  const seconds = Math.max(0, (now - Date.parse(since)) / 1_000);
  const share = Math.min(1, seconds / limit);
  return { seconds, share, near: share >= 0.9 };
}

/** Full where it has ended, the time used of the limit while it runs, none before. */
function Foot({ card }: { card: GraphCard }) {
  if (card.state === 'running' && card.startedAt !== null)
    return <RunningFoot since={card.startedAt} limit={card.timeLimitSeconds} />;
  const ended = card.state === 'succeeded' || card.state === 'failed' || card.state === 'cancelled';
  return <i className={styles.foot} style={{ transform: `scaleX(${ended ? 1 : 0})` }} />;
}
function RunningFoot({ since, limit }: { since: string; limit: number }) {
  const { share, near } = useUsed(since, limit);
  return (
    <i
      className={styles.foot}
      data-near={near || undefined}
      style={{ transform: `scaleX(${share.toFixed(4)})` }}
    />
  );
}
