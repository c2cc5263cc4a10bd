// Waives an item, in place: why it is accepted, and until when.
import { Button, Textarea, TextInput } from '@mantine/core';
import { useState, type KeyboardEvent, type SubmitEvent } from 'react';
import type { Waiver } from '../../shared/review.ts';
import { useRoute } from '../app/routes.ts';
import { useKept } from '../components/draft.ts';
import { useNow } from '../components/now.tsx';
import { Kbd } from '../components/values.tsx';
import styles from './reviews.module.css';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 90;
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

interface WaiverFormProps {
  /** Of the item. */
  name: string;
  /** Of the item as it is, to be changed. */
  waiver: Waiver | null;
  onWaive(waiver: Waiver): void;
  onCancel(): void;
}
export function WaiverForm({ name, waiver, onWaive, onCancel }: WaiverFormProps) {
  const now = useNow(null);
  const [{ reason, until }, write, end] = useKept(`waiver ${useRoute().id} ${name}`, {
    reason: waiver?.reason ?? '',
    until: waiver ? waiver.until.slice(0, 10) : dayOf(now + USUAL_DAYS * DAY_MS),
  });
  const cancel = (): void => {
    end();
    onCancel();
  };
  const [tried, setTried] = useState(false);
  const noReason = reason.trim() === '' ? 'Say why it is accepted.' : null;
  const noDate = /^\d{4}-\d\d-\d\d$/.test(until) && until > dayOf(now) ? null : 'Choose a day after today.';
  const submit = (event: SubmitEvent | KeyboardEvent): void => {
    event.preventDefault();
    setTried(true);
    if (noReason !== null || noDate !== null) return;
    end();
    onWaive({ reason: reason.trim(), until });
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of its fields: Esc, Ctrl Enter
    <form
      className={styles.waiver}
      noValidate
      aria-label="Waive"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          cancel();
        } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
      }}
    >
      <Textarea
        label="Why is it accepted?"
        autoFocus
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2_000}
        value={reason}
        error={tried ? noReason : null}
        onChange={(event) => write({ reason: event.currentTarget.value })}
      />
      <TextInput
        label="Until"
        description="The waiver holds to the end of this day."
        type="date"
        min={dayOf(now + DAY_MS)}
        value={until}
        error={tried ? noDate : null}
        onChange={(event) => write({ until: event.currentTarget.value })}
      />
      <p className={styles.waiverKeys}><Kbd>Ctrl Enter</Kbd> waives it, <Kbd>Esc</Kbd> leaves it open</p>
      <div className={styles.waiverActions}>
        <Button onClick={cancel}>Not now</Button>
        <Button variant="filled" type="submit">
          Waive it
        </Button>
      </div>
    </form>
  );
}
