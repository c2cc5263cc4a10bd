// The line under a review: what the last key did, with the way back, beside what the keys do. Nothing lies over it.
import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { formatPlural } from '../components/format.ts';
import { Kbd } from '../components/values.tsx';
import type { SaidStore } from './said.ts';
import styles from './reviews.module.css';

interface DeskBarProps {
  said: SaidStore;
  /** The item that is open; its own note says by itself whether it is saved. */
  selected: string | null;
  /** Items whose note was written and is not saved. */
  unsaved: readonly string[];
  onUndo(): void;
  onOpen(ref: string): void;
}

export function DeskBar({ said, selected, unsaved, onUndo, onOpen }: DeskBarProps) {
  const { decided, hint: given } = useStore(said);
  const hint = given?.at === selected ? given.words : null;
  const others = unsaved.filter((ref) => ref !== selected);
  const [first] = others;
  return (
    <footer className={styles.desk} data-above-notices>
      <div className={styles.deskSaid}>
        <span className={styles.said} role="status">
          {hint ?? (decided && `${decided.ref}: ${decided.verdict}.${decided.at === selected ? decided.more : ''}`)}
        </span>
        {hint === null && decided !== null && (
          <Button size="compact-sm" onClick={onUndo}>
            Undo <span aria-hidden className={styles.keyAfter}><Kbd>U</Kbd></span>
          </Button>
        )}
        {first !== undefined && (
          <button type="button" className={styles.unsavedLink} onClick={() => onOpen(first)}>
            {formatPlural(others.length, 'note')} not saved: {first}
          </button>
        )}
      </div>
      <p className={styles.hints}>
        <span>Next open <Kbd>J</Kbd></span> <span>previous <Kbd>K</Kbd></span> <span>note <Kbd>Enter</Kbd></span>{' '}
        <span>take it <Kbd>A</Kbd></span> <span>mine and open <Kbd>M</Kbd></span>
      </p>
    </footer>
  );
}
