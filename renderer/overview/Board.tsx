// The board of lanes: a lane for each agent, a block for each attempt, and the line that is now.
import { IconFileImport, IconRobot } from '@tabler/icons-react';
import { useId, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { Lane, LaneBlock } from '../../shared/overview.ts';
import { Link } from '../app/Link.tsx';
import { MayButton } from '../app/me.tsx';
import { useGo } from '../app/routes.ts';
import { formatCount } from '../components/format.ts';
import { EmptyState } from '../components/layout.tsx';
import { useNow } from '../components/now.tsx';
import { BlockTip, type Tipped } from './BlockTip.tsx';
import { moveOnBoard, type KeyLane, type Spot } from './boardKeys.ts';
import { anchorOf, placeBlocks, ticksOf, type View } from './laneGeometry.ts';
import { LaneRow } from './LaneRow.tsx';
import { TickerProvider } from './ticker.tsx';
import { useTrackWidth } from './useTrackWidth.ts';
import { fitWindow, type TimeWindow } from './windows.ts';
import styles from './Board.module.css';

interface BoardProps {
  /** Undefined: on their way. */
  lanes: readonly Lane[] | undefined;
  /** All agents of the workspace; the lanes are at most a hundred. */
  agents: number;
  window: TimeWindow;
}

export function Board({ lanes, agents, window: asked }: BoardProps) {
  const id = useId();
  const go = useGo();
  const now = useNow(5_000);
  const window = fitWindow(asked, ageOfOldest(lanes, now));
  const windowMs = window.minutes * 60_000;
  const anchor = anchorOf(now, windowMs);
  const view = useMemo((): View => ({ anchor, windowMs }), [anchor, windowMs]);
  const frame = useRef<HTMLDivElement>(null);
  const pastWidth = useTrackWidth(frame);
  const [spot, setSpot] = useState<Spot | null>(null);
  const [focused, setFocused] = useState(false);
  const [tipped, setTipped] = useState<Tipped | null>(null);
  const shown = lanes ?? [];

  const open = ({ lane, key }: Spot): void => {
    if (key === null) go({ place: 'agents', id: lane });
    else go({ place: 'tasks', id: key.slice(0, key.lastIndexOf(':')) });
  };
  const onClick = (event: MouseEvent): void => {
    const clicked = spotOf(event.target);
    if (clicked) open(clicked);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    if (event.key === 'Enter' && spot) return open(spot);
    if (event.key === 'Escape') return setTipped(null);
    const next = moveOnBoard(event.key, keyLanes(shown, view), spot);
    if (!next) return;
    event.preventDefault();
    reach(next);
  };
  // What the keys lead to comes into sight, with its words.
  const reach = (next: Spot): void => {
    setSpot(next);
    const element = document.getElementById(spotId(id, next));
    element?.scrollIntoView({ block: 'nearest' });
    const block = findBlock(shown, next);
    setTipped(block && element ? { ...block, rect: element.getBoundingClientRect() } : null);
  };
  const tip = (target: EventTarget | null): void => {
    const at = spotOf(target);
    const block = at && findBlock(shown, at);
    const element = (target as HTMLElement | null)?.closest?.('[data-block]');
    setTipped(block && element ? { ...block, rect: element.getBoundingClientRect() } : null);
  };

  if (lanes && lanes.every(({ blocks, agent }) => blocks.length === 0 && agent.builtIn)) return <NoLanes />;
  const simulated = shown.some(({ agent }) => agent.provider?.simulated);
  return (
    <div className={styles.board} ref={frame}>
      <div className={styles.axis} aria-hidden>
        <div className={styles.axisPast} data-past>
          {ticksOf(window.minutes, window.tickMinutes).map((tick) => (
            <span key={tick.label} style={{ left: `${tick.left}%` }}>
              {tick.label}
            </span>
          ))}
        </div>
        <span className={styles.axisNow}>now</span>
      </div>
      <div
        className={styles.lanes}
        role="grid"
        tabIndex={0}
        aria-label="Who works on what"
        aria-busy={lanes === undefined}
        aria-rowcount={shown.length}
        aria-activedescendant={spot && focused ? spotId(id, spot) : undefined}
        data-testid="board"
        onClick={onClick}
        onKeyDown={onKeyDown}
        onFocus={() => {
          setFocused(true);
          // A click focuses too; only the keys show where they are.
          const first = spot ?? moveOnBoard('Home', keyLanes(shown, view), null);
          if (first && frame.current?.querySelector(':focus-visible')) reach(first);
          else setSpot(first);
        }}
        onBlur={() => {
          setFocused(false);
          setTipped(null);
        }}
        onMouseOver={(event) => tip(event.target)}
        onMouseLeave={() => setTipped(null)}
        onScroll={() => setTipped(null)}
      >
        <TickerProvider>
          <div className={styles.rows}>
            {shown.map((lane) => (
              <LaneRow
                key={lane.agent.id}
                id={id}
                lane={lane}
                view={view}
                pastWidth={pastWidth}
                active={focused && spot?.lane === lane.agent.id ? spot : null}
              />
            ))}
            {lanes === undefined && <Skeleton />}
            <i className={styles.now} aria-hidden />
          </div>
        </TickerProvider>
        {agents > shown.length && shown.length > 0 && (
          <div className={styles.more} role="row">
            <span role="gridcell">
              The {formatCount(shown.length)} busiest of {formatCount(agents)} agents.{' '}
              <Link to={{ place: 'agents' }} tabIndex={-1}>
                All agents
              </Link>
            </span>
          </div>
        )}
      </div>
      {tipped && <BlockTip {...tipped} simulated={simulated && tipped.agent.provider?.simulated === true} />}
    </div>
  );
}

/** Of the oldest attempt, in milliseconds; null without one. */
function ageOfOldest(lanes: readonly Lane[] | undefined, now: number): number | null {
  const starts = (lanes ?? []).flatMap(({ blocks }) => blocks.map(({ startedAt }) => Date.parse(startedAt)));
  return starts.length === 0 ? null : now - starts.reduce((least, start) => Math.min(least, start));
}

export const spotId = (board: string, { lane, key }: Spot): string => `${board}-${key ?? lane}`;

function spotOf(target: EventTarget | null): Spot | null {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-spot]') : null;
  const lane = element?.closest<HTMLElement>('[data-lane]')?.dataset.lane;
  return element && lane !== undefined ? { lane, key: element.dataset.block ?? null } : null;
}

function findBlock(
  lanes: readonly Lane[],
  { lane, key }: Spot,
): { block: LaneBlock; agent: Lane['agent'] } | null {
  const found = lanes.find(({ agent }) => agent.id === lane);
  const block = found?.blocks.find(({ taskId, attempt }) => `${taskId}:${attempt}` === key);
  return found && block ? { block, agent: found.agent } : null;
}

function keyLanes(lanes: readonly Lane[], view: View): KeyLane[] {
  return lanes.map(({ agent, blocks }) => ({
    id: agent.id,
    blocks: placeBlocks(blocks, view).map(({ key, block }) => ({ key, start: Date.parse(block.startedAt) })),
  }));
}

function NoLanes() {
  return (
    <EmptyState
      icon={<IconRobot size={26} stroke={1.5} />}
      title="Nobody works here yet"
      actions={
        <>
          <ImportButton />
          <CreateAgentButton />
        </>
      }
    >
      Each agent gets a lane here, and each attempt at a task a block on it. Import a plan, which brings its
      agents along, or create an agent of your own.
    </EmptyState>
  );
}

function ImportButton() {
  const go = useGo();
  return (
    <MayButton
      permission="plans:create"
      variant="filled"
      leftSection={<IconFileImport size={14} />}
      onClick={() => go({ place: 'plans', search: { import: '1' } })}
    >
      Import a plan
    </MayButton>
  );
}

function CreateAgentButton() {
  const go = useGo();
  return (
    <MayButton permission="agents:write" onClick={() => go({ place: 'agents', search: { new: '1' } })}>
      Create an agent
    </MayButton>
  );
}

function Skeleton() {
  return Array.from({ length: 8 }, (_, lane) => (
    <div key={lane} className={styles.lane} aria-hidden>
      <span className={styles.agent}>
        <i className={styles.skeleton} style={{ width: 18, height: 18 }} />
        <i className={styles.skeleton} style={{ width: `${46 + ((lane * 23) % 34)}%` }} />
      </span>
      <span className={styles.track}>
        <span className={styles.past}>
          {[4, 30, 62].map((left, block) => (
            <i
              key={left}
              className={styles.skeletonBlock}
              style={{
                left: `${left + ((lane * 7) % 12)}%`,
                width: `${12 + ((lane * 5 + block * 9) % 13)}%`,
              }}
            />
          ))}
        </span>
      </span>
      <span className={styles.stand} />
    </div>
  ));
}
