// The work on a review: what is filtered and open, and what each key and button does with it.
import { useCallback, useMemo, useRef, useState, type RefObject } from 'react';
import { countItems, type Review, type Verdict, type Waiver } from '../../shared/review.ts';
import { useMay, useMe } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { hasBothNotes } from './ConflictBar.tsx';
import type { Seen } from './desk.ts';
import { filterItems, goOn, isMineAndOpen, mineAndOpen, nextOpen, type ItemSearch } from './reviewView.ts';
import { wordOf } from './toasts.ts';
import { useLook, type OpenReview } from './useReview.ts';

const NONE_OPEN = 'Open an item first: J leads to the next open one.';
const CLOSED = 'The review is submitted. Open it again to change it.';

/** Where the focus goes: to the rows, or into the note. */
export interface WorkPlaces {
  grid: RefObject<HTMLDivElement | null>;
  note: RefObject<HTMLTextAreaElement | null>;
}

export function useWork(opened: OpenReview, review: Review, places: WorkPlaces) {
  const { desk, drafts, said, conflicts, assign } = opened;
  const go = useGo();
  const { search: { item: ref, ...search } } = useRoute();
  const me = useMe().user.id;
  const may = useMay('reviews:write');
  const closed = review.state === 'open' ? null : CLOSED;
  const reason = may.reason ?? closed;
  const [waivingRef, setWaivingRef] = useState<string | null>(null);
  const [noteEpoch, setNoteEpoch] = useState(0);

  const items = opened.items ?? review.items;
  const counts = useMemo(() => countItems(items), [items]);
  const key = JSON.stringify(search);
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- by its contents, as each route makes it anew
  const rows = useMemo(() => filterItems(items, search, me), [items, key, me]);
  const item = ref === undefined ? undefined : items.find((one) => one.ref === ref);
  const conflictRefs = useMemo(() => new Set(conflicts.map((conflict) => conflict.ref)), [conflicts]);
  useLook(opened, item, reason === null);

  const place = (next: ItemSearch): void => go({ place: 'reviews', id: review.id, search: next }, { replace: true });
  /** Where it went on, once nothing is open any more. */
  const last = useRef<string | null>(null);
  if (ref !== undefined) last.current = ref;
  const latest = useRef(search);
  // Read when a row is chosen: the rows keep one handler.
  latest.current = search;
  const select = useCallback(
    (next: string): void =>
      go({ place: 'reviews', id: review.id, search: { ...latest.current, item: next } }, { replace: true }),
    [go, review.id],
  );
  const focusRows = (): void => places.grid.current?.focus({ preventScroll: true });
  const focusNote = (): void => places.note.current?.focus();
  const say = (words: string | null): boolean => {
    if (words !== null) said.hint({ words, at: ref ?? null });
    return words !== null;
  };

  const undo = (): void => {
    if (say(reason)) return;
    const back = desk.undo();
    if (back === null) {
      say('There is no verdict of yours to take back.');
      return;
    }
    said.decided(null);
    said.hint({ words: `${back}: the last verdict is taken back.`, at: back });
    select(back);
    focusRows();
  };
  const send = (change: { verdict: Verdict | null; waiver?: Waiver }): void => {
    if (!item) return;
    // What fails asks for a note, so it stays open; everything else leads on. The keys stay with the rows: the next one
    // is another verdict or J, and must not be written into a note.
    const asks = change.verdict === 'fail' && item.note.trim() === '' && drafts.read(item.ref) === null;
    const stays = asks || change.verdict === null;
    const next = stays ? null : nextOpen(rows, item.ref, 1);
    const more = asks ? ' Enter: say what fails.' : !stays && next === null ? ' Nothing else is open here.' : '';
    const told = { ref: item.ref, verdict: wordOf(change), more, at: next ?? item.ref };
    said.decided(told);
    void desk.decide(item.ref, { waiver: null, ...change }).then((done) => {
      // Refused, or a choice by now: then it is no verdict, and nothing to take back.
      if (!done && said.getState().decided === told) said.decided(null);
    });
    setWaivingRef(null);
    if (next !== null) select(next);
    focusRows();
  };
  const decide = (verdict: Verdict | null): void => {
    if (!item) {
      say(NONE_OPEN);
      return;
    }
    if (say(reason)) return;
    if (verdict === 'waived') setWaivingRef(item.ref);
    else if (verdict === item.verdict) say(`${item.ref} is ${wordOf({ verdict }).toLowerCase()} already.`);
    else send({ verdict });
  };
  const move = (step: 1 | -1): void => {
    const next = item ? nextOpen(rows, item.ref, step) : goOn(rows, last.current, step);
    if (next === null) say(item && item.verdict === null ? 'This is the only open item here.' : 'Every item here is decided.');
    else select(next);
  };
  const chosen = conflicts[0];
  const settle = (run: (chosenRef: string) => void): void => {
    if (!chosen) return;
    run(chosen.ref);
    drafts.drop(chosen.ref);
    setNoteEpoch((epoch) => epoch + 1);
  };

  return {
    items, rows, counts, item, selected: ref ?? null, search, conflicts, conflictRefs, closed, reason, noteEpoch,
    waiving: item !== undefined && waivingRef === item.ref && reason === null,
    savingNote: item !== undefined && opened.pending.get(item.ref)?.note !== undefined,
    select,
    decide,
    undo,
    focusRows,
    focusNote,
    /** What J opens while nothing is open. */
    following: goOn(rows, last.current, 1),
    next: () => move(1),
    previous: () => move(-1),
    waive: (waiver: Waiver) => send({ verdict: 'waived', waiver }),
    cancelWaive: () => {
      setWaivingRef(null);
      focusRows();
    },
    saveNote: (text: string, seen: Seen) => {
      if (item) void desk.decide(item.ref, { note: text }, seen);
    },
    /** Leaving the field saves it. */
    noteDone: () => {
      focusRows();
      const next = nextOpen(rows, item?.ref ?? null, 1);
      if (next !== null) select(next);
      else say('Nothing else is open here.');
    },
    close: () => {
      place(search);
      focusRows();
    },
    show: (next: ItemSearch) => place({ ...next, item: ref }),
    filter: (next: ItemSearch) => place({ ...next, item: ref }),
    showSection: (section: string | undefined) => place({ ...search, section, item: ref }),
    toggleMine: () => place({ ...(isMineAndOpen(search) ? { ...search, assigned: undefined, verdict: undefined } : { ...search, ...mineAndOpen }), item: ref }),
    assignItem: (mine: boolean) => {
      if (item && !say(reason)) assign.mutate({ id: review.id, refs: [item.ref], assignee: mine ? 'me' : null });
    },
    toggleAssigned: () => {
      if (!item) say(reason ?? NONE_OPEN);
      else if (!say(reason)) assign.mutate({ id: review.id, refs: [item.ref], assignee: item.assignee?.id === me ? null : 'me' });
    },
    assignSection: (mine: boolean) => {
      if (search.section !== undefined && !say(reason)) assign.mutate({ id: review.id, section: search.section, assignee: mine ? 'me' : null });
    },
    keepTheirs: () => settle(desk.keepTheirs),
    useMine: () => settle(desk.useMine),
    keepBoth: () => {
      const theirs = review.items.find((one) => one.ref === chosen?.ref);
      if (!chosen || !theirs || !hasBothNotes(chosen.mine, theirs)) return;
      settle((chosenRef) => desk.useMine(chosenRef, `${theirs.note.trimEnd()}\n\n${chosen.mine.note}`));
    },
  };
}
export type Work = ReturnType<typeof useWork>;
