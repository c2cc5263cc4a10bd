// Somebody else was faster: what they made of an item beside one's own, and the choice. Nothing was overwritten.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ReviewItem } from '../../shared/review.ts';
import { LinkedText } from '../components/OutLink.tsx';
import { useNow } from '../components/now.tsx';
import { Kbd } from '../components/values.tsx';
import type { Change, Conflict } from './desk.ts';
import { formatDay, formatMoment, shownVerdict } from './reviewView.ts';
import { VerdictBadge } from './VerdictBadge.tsx';
import styles from './reviews.module.css';

interface ConflictBarProps {
  conflict: Conflict;
  /** The item as it is now. */
  theirs: ReviewItem;
  /** Further items that wait for a choice. */
  others: number;
  onKeepTheirs(): void;
  onUseMine(): void;
  /** Where both wrote a note. */
  onKeepBoth(): void;
  onOpen(): void;
}

export function ConflictBar({ conflict, theirs, others, onKeepTheirs, onUseMine, onKeepBoth, onOpen }: ConflictBarProps) {
  const now = useNow(60_000);
  const { mine, ref } = conflict;
  const who = theirs.changedBy?.name ?? 'somebody';
  const at = theirs.changedAt ? `, ${formatMoment(theirs.changedAt, now)}` : '';
  const bothNoted = hasBothNotes(mine, theirs);
  return (
    <section className={styles.conflict} aria-label={`Choice for ${ref}`}>
      <div className={styles.conflictHead} role="alert">
        <span>
          <button type="button" className={styles.conflictRef} onClick={onOpen}>{ref}</button> was changed by {who} while you decided. Nothing is overwritten: choose.
        </span>
        {others > 0 && <span className="dim">{others === 1 ? '1 more waits' : `${others} more wait`} for a choice</span>}
      </div>
      <div className={styles.sides}>
        <Side title={`Theirs: by ${who}${at}`} verdict={theirs.verdict} waiver={theirs.waiver} note={theirs.note}>
          <Button onClick={onKeepTheirs} rightSection={<span aria-hidden><Kbd>T</Kbd></span>}>Keep theirs</Button>
        </Side>
        <Side
          title="Yours"
          verdict={mine.verdict === undefined ? theirs.verdict : mine.verdict}
          waiver={mine.verdict === undefined ? theirs.waiver : (mine.waiver ?? null)}
          note={mine.note ?? theirs.note}
          stays={mine.note === undefined}
        >
          <Button variant="filled" onClick={onUseMine} rightSection={<span aria-hidden className={styles.keyOnAccent}>Y</span>}>Use mine</Button>
          {bothNoted && <Button onClick={onKeepBoth} rightSection={<span aria-hidden><Kbd>B</Kbd></span>}>Keep both notes</Button>}
        </Side>
      </div>
    </section>
  );
}

/** Whether there are two notes that could both stay. */
export function hasBothNotes(mine: Change, theirs: ReviewItem): boolean {
  return mine.note !== undefined && mine.note.trim() !== '' && theirs.note.trim() !== '' && mine.note !== theirs.note;
}

interface SideProps {
  title: string;
  verdict: ReviewItem['verdict'];
  waiver: ReviewItem['waiver'];
  note: string;
  /** The note is theirs, and is kept. */
  stays?: boolean;
  children: ReactNode;
}
function Side({ title, verdict, waiver, note, stays, children }: SideProps) {
  return (
    <div className={styles.side}>
      <div className={styles.sideHead}>
        <span className="dim">{title}</span>
        <VerdictBadge verdict={shownVerdict({ verdict })} />
        {waiver && <span className="dim">until {formatDay(waiver.until)}</span>}
      </div>
      {note.trim() === '' ? (
        <p className="faint">no note</p>
      ) : stays ? (
        <p className="faint">their note stays</p>
      ) : (
        <p className={styles.sideNote}><LinkedText>{note}</LinkedText></p>
      )}
      <div className={styles.sideActions}>{children}</div>
    </div>
  );
}
