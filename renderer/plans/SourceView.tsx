// The document as it was sent, with line numbers; only the lines in sight are drawn, and the chosen one is brought there.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { linesOf } from './source.ts';
import styles from './import.module.css';

const LINE_HEIGHT = 19;
/** A longer line is cut in the view; whole lines of a megabyte stop the scroller. */
const LONGEST = 2_000;

interface SourceViewProps {
  text: string;
  /** From 1; 0: none. */
  chosen: number;
  /** Lines with a warning. */
  marked: ReadonlySet<number>;
  onChoose(line: number): void;
}
export function SourceView({ text, chosen, marked, onChoose }: SourceViewProps) {
  const lines = useMemo(() => linesOf(text), [text]);
  const scroller = useRef<HTMLDivElement>(null);
  // No compiler memoises here; the list of every screen is drawn the same way.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
    initialRect: { width: 400, height: 600 },
  });
  useEffect(() => {
    if (chosen > 0) virtualizer.scrollToIndex(chosen - 1, { align: 'center' });
  }, [chosen, virtualizer]);
  const digits = String(lines.length).length;
  return (
    // A region that scrolls takes the focus, so that the keys can scroll it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} className={styles.lines} tabIndex={0} role="region" aria-label="Source text">
      <div
        style={{
          height: virtualizer.getTotalSize(),
          position: 'relative',
          ['--digits' as string]: `${digits}ch`,
        }}
      >
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const number = index + 1;
          const line = lines[index] ?? '';
          return (
            <div
              key={index}
              className={styles.lineRow}
              data-chosen={number === chosen || undefined}
              data-marked={marked.has(number) || undefined}
              style={{ transform: `translateY(${start}px)` }}
            >
              {marked.has(number) ? (
                <button
                  type="button"
                  className={styles.lineNumber}
                  aria-label={`Warning at line ${number}`}
                  onClick={() => onChoose(number)}
                >
                  {number}
                </button>
              ) : (
                <span className={styles.lineNumber} aria-hidden>
                  {number}
                </span>
              )}
              <code>{line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line}</code>
            </div>
          );
        })}
      </div>
    </div>
  );
}
