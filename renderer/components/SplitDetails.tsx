// The list, and beside it the details of what is open, with a divider that the person can move.
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useRemembered } from './remembered.tsx';
import styles from './layout.module.css';

interface SplitDetailsProps {
  list: ReactNode;
  details: ReactNode | null;
  /** Under which its width is remembered. */
  name?: string;
}
/** Narrow: 44% of the width; very narrow: below the list. */
export function SplitDetails({ list, details, name = 'details' }: SplitDetailsProps) {
  const { preferences, prefer } = useRemembered();
  const split = useRef<HTMLDivElement>(null);
  const listSide = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const share = dragged ?? preferences.splits[name] ?? null;
  const open = details !== null;
  const wasOpen = useRef(open);
  // The focus that went with the details goes back to the list, so that its keys go on working.
  useEffect(() => {
    const closed = wasOpen.current && !open;
    wasOpen.current = open;
    if (closed && document.activeElement === document.body) {
      listSide.current?.querySelector<HTMLElement>('[role="grid"]')?.focus({ preventScroll: true });
    }
  }, [open]);
  const keep = (next: number | null): void => {
    setDragged(null);
    prefer({ splits: { [name]: next } });
  };
  return (
    <div
      ref={split}
      className={styles.split}
      data-open={open || undefined}
      data-share={share === null ? undefined : ''}
      style={share === null ? undefined : { ['--share' as string]: `${Math.round(share * 1000) / 10}%` }}
    >
      <div ref={listSide} className={styles.splitList}>{list}</div>
      {open && (
        <div className={styles.splitSide}>
          <Divider split={split} share={share} onDrag={setDragged} onKeep={keep} />
          {details}
        </div>
      )}
    </div>
  );
}

const LEAST = 0.2;
const MOST = 0.75;
const STEP = 0.02;
const within = (share: number): number => Math.min(MOST, Math.max(LEAST, share));

interface DividerProps {
  split: { current: HTMLElement | null };
  share: number | null;
  onDrag(share: number): void;
  /** Null: as at first. */
  onKeep(share: number | null): void;
}
function Divider({ split, share, onDrag, onKeep }: DividerProps) {
  const shareAt = (x: number): number => {
    const box = split.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? 0.4 : within((box.right - x) / box.width);
  };
  const shareNow = (element: Element): number => shareAt(element.getBoundingClientRect().left);
  const onPointer = (event: PointerEvent<HTMLElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    if (event.type === 'pointermove') onDrag(shareAt(event.clientX));
    else onKeep(shareAt(event.clientX));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (by === undefined || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    onKeep(within((share ?? shareNow(event.currentTarget)) + by));
  };
  return (
    <div
      className={styles.divider}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the details"
      aria-valuemin={LEAST * 100}
      aria-valuemax={MOST * 100}
      aria-valuenow={Math.round((share ?? 0.4) * 100)}
      tabIndex={0}
      title="Drag, or use the arrow keys; a double click resets it"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointer}
      onPointerUp={onPointer}
      onDoubleClick={() => onKeep(null)}
      onKeyDown={onKeyDown}
    />
  );
}
