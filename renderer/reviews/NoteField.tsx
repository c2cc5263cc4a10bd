// The note of an item, in place: saved when the field is left, kept as a draft with each sign until it is.
import { Button, Textarea } from '@mantine/core';
import { useEffect, useEffectEvent, useState, type KeyboardEvent, type Ref } from 'react';
import { useStore } from 'zustand';
import type { ReviewItem } from '../../shared/review.ts';
import { LinksOf } from '../components/OutLink.tsx';
import { Kbd } from '../components/values.tsx';
import type { Seen } from './desk.ts';
import type { Drafts } from './drafts.ts';
import styles from './reviews.module.css';

interface NoteFieldProps {
  /** As it is loaded: without what is still under way. */
  item: ReviewItem;
  /** As the person has it. */
  verdict: ReviewItem['verdict'];
  drafts: Drafts;
  /** It is sent and not yet answered. */
  saving: boolean;
  /** Why it cannot be written; null: it can. */
  reason: string | null;
  /** `seen`: the item as it was when the writing began. */
  onSave(text: string, seen: Seen): void;
  /** Ctrl Enter: saved, and on to the next open item. */
  onDone(): void;
  /** Esc: saved, and back to the rows. */
  onLeave(): void;
  ref?: Ref<HTMLTextAreaElement>;
}

/** One for each item: give it the item's ref as its key. */
export function NoteField({ item, verdict, drafts, saving, reason, onSave, onDone, onLeave, ref }: NoteFieldProps) {
  const kept = useStore(drafts.store, () => drafts.read(item.ref)?.text ?? null);
  const [taken, setTaken] = useState(kept);
  const [text, setText] = useState(kept ?? item.note);
  const [known, setKnown] = useState(item.note);
  const [focused, setFocused] = useState(false);
  const [touched, setTouched] = useState(false);
  const unsaved = text !== item.note;
  // Somebody else wrote: their text comes in, unless one's own stands here.
  if (item.note !== known) {
    setKnown(item.note);
    if (text === known) setText(item.note);
  }

  // What a window that was closed had written comes after this one is drawn.
  if (kept !== taken) {
    setTaken(kept);
    if (kept !== null && text === item.note) setText(kept);
  }

  const write = (next: string): void => {
    setText(next);
    setTouched(true);
    // The version that was there when the writing began: what came after it is not written over.
    const { version, note } = drafts.read(item.ref) ?? item;
    if (next === item.note) drafts.drop(item.ref);
    else drafts.write(item.ref, { text: next, version, note });
  };
  const save = (): void => {
    setTouched(false);
    if (!unsaved) drafts.drop(item.ref);
    else onSave(text, drafts.read(item.ref) ?? item);
  };
  const discard = (): void => {
    drafts.drop(item.ref);
    setText(item.note);
    setTouched(false);
  };
  const saveOnLeave = useEffectEvent(() => {
    if (touched && unsaved && reason === null) save();
  });
  useEffect(() => () => saveOnLeave(), []);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      onLeave();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onDone();
    }
  };
  const asked = verdict === 'fail' && text.trim() === '';
  return (
    <div className={styles.note}>
      <Textarea
        ref={ref}
        label="Note"
        autosize
        minRows={3}
        maxRows={12}
        maxLength={10_000}
        placeholder={reason !== null ? 'No note' : asked ? 'What fails, and how did you see it?' : 'What you saw, where, and how to see it again'}
        value={text}
        readOnly={reason !== null}
        onChange={(event) => write(event.currentTarget.value)}
        onFocus={() => setFocused(true)}
        onBlur={() => {
          setFocused(false);
          if (touched && reason === null) save();
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.noteState} role="status">
        {saving && <span>Saving…</span>}
        {!saving && focused && reason === null && (
          <span>
            Saved when you leave it: <Kbd>Ctrl Enter</Kbd> for the next, <Kbd>Esc</Kbd> for the items
          </span>
        )}
        {!saving && unsaved && !focused && (
          <>
            <b className={styles.unsaved}>Not saved. Your text is kept here as a draft.</b>
            <span className={styles.noteActions}>
              <Button size="compact-sm" disabled={reason !== null} onClick={save}>Save the note</Button>
              <Button size="compact-sm" onClick={discard}>Discard it</Button>
            </span>
          </>
        )}
        {!saving && !unsaved && asked && !focused && reason === null && <span><Kbd>Enter</Kbd> writes what fails: it helps whoever has to mend it.</span>}
        {!saving && !unsaved && !focused && reason === null && text.trim() !== '' && <span>Saved</span>}
      </div>
      <LinksOf text={text} label="Links in the note" />
    </div>
  );
}
