// One lane: the agent, its attempts in time, and how what it runs stands. Drawn anew only when its rows change.
import { memo, useMemo, useRef } from 'react';
import type { Lane } from '../../shared/overview.ts';
import { formatDuration } from '../components/format.ts';
import { stateWords } from '../components/state.ts';
import { timedAs } from '../components/timing.ts';
import { StateShape } from '../components/StateBadge.tsx';
import type { Spot } from './boardKeys.ts';
import {
  fitOf,
  formatUsed,
  placeBlocks,
  restingWord,
  runningOf,
  shiftOf,
  trackCount,
  usedOf,
  type Placed,
  type View,
} from './laneGeometry.ts';
import { useBeat } from './ticker.tsx';
import styles from './Board.module.css';

interface LaneRowProps {
  /** Of the board; ids of spots begin with it. */
  id: string;
  lane: Lane;
  view: View;
  /** Pixels of the past's strip. */
  pastWidth: number;
  /** The spot of this lane that the keys have reached. */
  active: Spot | null;
}

function PlainLaneRow({ id, lane, view, pastWidth, active }: LaneRowProps) {
  const { agent } = lane;
  const placed = useMemo(() => placeBlocks(lane.blocks, view), [lane.blocks, view]);
  const running = placed.filter(({ width }) => width === null);
  const tracks = trackCount(placed);
  const simulated = agent.provider?.simulated === true;
  return (
    <div className={styles.lane} role="row" data-lane={agent.id} style={{ ['--tracks' as string]: tracks }}>
      <span
        id={`${id}-${agent.id}`}
        role="rowheader"
        className={styles.agent}
        data-spot
        data-active={(active !== null && active.key === null) || undefined}
        data-simulated={simulated || undefined}
      >
        <span className={styles.mark} aria-hidden>
          {agent.name.slice(0, 2).toUpperCase()}
        </span>
        <span
          className="ellipsis"
          title={agent.role === '' ? agent.name : `${agent.name}: ${agent.role}`}
          {...timedAs('rows')}
        >
          {agent.name}
        </span>
        {simulated && <span className="hidden-visually">, simulated</span>}
      </span>
      <span className={styles.track}>
        <Past view={view}>
          {placed.map((one) =>
            one.width === null ? (
              <Tail key={one.key} placed={one} />
            ) : (
              <Ended
                key={one.key}
                id={id}
                placed={one}
                width={one.width}
                pastWidth={pastWidth}
                active={active?.key === one.key}
              />
            ),
          )}
        </Past>
        {running.map((one) => (
          <Running key={one.key} id={id} placed={one} active={active?.key === one.key} />
        ))}
      </span>
      <Stand lane={lane} />
    </div>
  );
}
export const LaneRow = memo(PlainLaneRow);

/** The strip of the past; moved to the left each second. */
function Past({ view, children }: { view: View; children: React.ReactNode }) {
  const strip = useRef<HTMLSpanElement>(null);
  useBeat((now) => {
    if (strip.current) strip.current.style.transform = `translateX(${shiftOf(now, view).toFixed(4)}%)`;
  });
  return (
    <span className={styles.past}>
      <span className={styles.strip} ref={strip}>
        {children}
      </span>
    </span>
  );
}

interface BlockProps {
  id: string;
  placed: Placed;
  active: boolean;
}

function Ended({ id, placed, width, pastWidth, active }: BlockProps & { width: number; pastWidth: number }) {
  const { block, key, left, track } = placed;
  const fit = fitOf((width / 100) * pastWidth);
  const { seconds } = usedOf(block, 0);
  return (
    <span
      id={`${id}-${key}`}
      role="gridcell"
      className={styles.block}
      data-spot
      data-whole
      data-block={key}
      data-state={block.state}
      data-active={active || undefined}
      aria-label={`${block.title}, ${stateWords[block.state]}, attempt ${block.attempt}, ${formatDuration(seconds)}`}
      style={{ left: `${left}%`, width: `${width}%`, ['--track' as string]: track }}
    >
      {fit !== 'none' && <StateShape state={block.state} size={9} />}
      {fit === 'words' && <span className={styles.words}>{block.title}</span>}
    </span>
  );
}

/** From its start to the now line: the part of a running attempt that lies behind it. */
function Tail({ placed: { key, left, track, block } }: { placed: Placed }) {
  const tail = useRef<HTMLSpanElement>(null);
  useBeat((now) => markNear(tail.current, usedOf(block, now).near));
  return (
    <span
      ref={tail}
      className={styles.tail}
      aria-hidden
      data-spot
      data-whole
      data-block={key}
      data-state="running"
      style={{ left: `${left}%`, ['--track' as string]: track }}
    />
  );
}

/** Right of the now line, as wide for each: its fill is the time used of its limit. */
function Running({ id, placed, active }: BlockProps) {
  const { block, key, track } = placed;
  const frame = useRef<HTMLSpanElement>(null);
  const fill = useRef<HTMLElement>(null);
  useBeat((now) => {
    const used = usedOf(block, now);
    if (fill.current) fill.current.style.transform = `scaleX(${used.share.toFixed(4)})`;
    markNear(frame.current, used.near);
  });
  return (
    <span
      ref={frame}
      id={`${id}-${key}`}
      role="gridcell"
      className={styles.block}
      data-running
      data-spot
      data-whole
      data-block={key}
      data-state="running"
      data-active={active || undefined}
      // A short limit moves by whole pixels a second: there the fill glides.
      data-glides={block.timeLimitSeconds <= 240 || undefined}
      aria-label={`${block.title}, Running, attempt ${block.attempt}, limit ${formatDuration(block.timeLimitSeconds)}`}
      style={{ ['--track' as string]: track }}
    >
      <i className={styles.fill} ref={fill} />
      <StateShape state="running" size={9} />
      <span className={styles.words}>{block.title}</span>
    </span>
  );
}

function markNear(element: HTMLElement | null, near: boolean): void {
  if (element) element.dataset.state = near ? 'retrying' : 'running';
}

/** `9:55 / 15`, or in a word why nothing runs. */
function Stand({ lane }: { lane: Lane }) {
  const words = useRef<HTMLSpanElement>(null);
  useBeat((now) => {
    const element = words.current;
    if (!element) return;
    const [nearest, ...others] = runningOf(lane.blocks, now);
    if (!nearest) return;
    const used = usedOf(nearest, now);
    element.textContent = `${formatUsed(used.seconds, nearest.timeLimitSeconds)}${others.length > 0 ? ` +${others.length}` : ''}`;
    element.toggleAttribute('data-near', used.near);
  });
  const runs = lane.blocks.some((block) => block.finishedAt === null);
  const word = restingWord(lane);
  const waits = `${lane.queued} queued, ${lane.waiting} waiting`;
  return (
    <span
      className={styles.stand}
      role="gridcell"
      title={runs ? `Time used of the limit, in minutes. ${waits}.` : `${waits}.`}
    >
      {runs ? (
        <span key="runs" ref={words} className={styles.used} />
      ) : (
        <span className={styles.resting} data-word={word}>
          {word}
        </span>
      )}
    </span>
  );
}
