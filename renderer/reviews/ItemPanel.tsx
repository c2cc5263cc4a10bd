// The details of an item: its verdict by one key, its note in place, how to verify it and what counts as evidence.
import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import type { Ref } from 'react';
import { verdicts, type ReviewItem, type Verdict, type Waiver } from '../../shared/review.ts';
import { MayButton, useMe } from '../app/me.tsx';
import { Details, EmptyState } from '../components/layout.tsx';
import { LinkedText } from '../components/OutLink.tsx';
import { Fields } from '../components/output.tsx';
import { Chip, Kbd, Time } from '../components/values.tsx';
import type { Seen } from './desk.ts';
import type { Drafts } from './drafts.ts';
import { NoteField } from './NoteField.tsx';
import { formatDay, keyOf, verdictWords } from './reviewView.ts';
import { VerdictBadge, VerdictShape } from './VerdictBadge.tsx';
import { WaiverForm } from './WaiverForm.tsx';
import styles from './reviews.module.css';

const buttonWords: Record<Verdict, string> = { ...verdictWords, not_applicable: 'N/A', waived: 'Waive' };

interface ItemPanelProps {
  /** As the person has it: with what is still under way. */
  item: ReviewItem;
  loaded: ReviewItem;
  drafts: Drafts;
  /** Raised when the note's text is to be read anew. */
  noteEpoch: number;
  saving: boolean;
  /** Why nothing can be changed, beyond the role; null: it can. */
  closed: string | null;
  /** Why nothing can be written, the role included. */
  reason: string | null;
  waiving: boolean;
  onDecide(verdict: Verdict | null): void;
  onWaive(waiver: Waiver): void;
  onCancelWaive(): void;
  onNote(text: string, seen: Seen): void;
  onNoteDone(): void;
  onNoteLeave(): void;
  onAssign(mine: boolean): void;
  onClose(): void;
  noteRef: Ref<HTMLTextAreaElement>;
}

export function ItemPanel(props: ItemPanelProps) {
  const { item, drafts, noteEpoch, saving, closed, reason, waiving, noteRef } = props;
  return (
    <Details
      label={`${item.ref}: ${item.text}`}
      head={
        <>
          <span className="mono">{item.ref}</span>
          <Chip>level {item.level}</Chip>
          <span className="ellipsis dim small" title={item.section}>{item.section}</span>
        </>
      }
      onClose={props.onClose}
    >
      <h2 className={styles.itemText}>{item.text}</h2>
      <div className={styles.verdicts} role="group" aria-label="Verdict">
        {verdicts.map((verdict) => (
          <MayButton
            key={verdict}
            permission="reviews:write"
            reason={closed}
            className={styles.verdictButton}
            mod={{ verdict, chosen: item.verdict === verdict }}
            aria-pressed={item.verdict === verdict}
            leftSection={<VerdictShape verdict={verdict} />}
            rightSection={<span aria-hidden><Kbd>{keyOf(verdict)}</Kbd></span>}
            onClick={() => props.onDecide(verdict)}
          >
            {buttonWords[verdict]}
          </MayButton>
        ))}
      </div>
      {waiving && <WaiverForm key={item.ref} name={item.ref} waiver={item.waiver} onWaive={props.onWaive} onCancel={props.onCancelWaive} />}
      {item.waiver && !waiving && (
        <div className={styles.waived}>
          <VerdictBadge verdict="waived">Waived until {formatDay(item.waiver.until)}</VerdictBadge>
          <p><LinkedText>{item.waiver.reason}</LinkedText></p>
        </div>
      )}
      <NoteField
        key={`${item.ref} ${noteEpoch}`}
        ref={noteRef}
        item={props.loaded}
        verdict={item.verdict}
        drafts={drafts}
        saving={saving}
        reason={reason}
        onSave={props.onNote}
        onDone={props.onNoteDone}
        onLeave={props.onNoteLeave}
      />
      <Told title="How to verify">{item.guidance}</Told>
      <Told title="What counts as evidence">{item.evidence}</Told>
      <Facts {...props} />
    </Details>
  );
}

function Told({ title, children }: { title: string; children: string }) {
  return (
    <section className={styles.told}>
      <h3>{title}</h3>
      <p><LinkedText>{children}</LinkedText></p>
    </section>
  );
}

function Facts({ item, closed, onDecide, onAssign }: ItemPanelProps) {
  const me = useMe().user.id;
  const mine = item.assignee?.id === me;
  return (
    <Fields
      rows={[
        [
          'Verdict',
          item.verdict === null ? (
            <span key="none" className="dim">undecided</span>
          ) : (
            <span key="verdict" className={styles.fact}>
              <span>
                {verdictWords[item.verdict]}
                {item.decidedBy && ` by ${item.decidedBy.id === me ? 'you' : item.decidedBy.name}`}
                {item.decidedAt && <>, <Time value={item.decidedAt} /></>}
              </span>
              <MayButton permission="reviews:write" reason={closed} size="compact-sm" onClick={() => onDecide(null)}>
                Take it back
              </MayButton>
            </span>
          ),
        ],
        [
          'Assigned to',
          <span key="assigned" className={styles.fact}>
            <span>{item.assignee === null ? 'nobody' : mine ? 'you' : item.assignee.name}</span>
            <MayButton permission="reviews:write" reason={closed} size="compact-sm" onClick={() => onAssign(!mine)} rightSection={<span aria-hidden><Kbd>A</Kbd></span>}>
              {mine ? 'Give it back' : 'Take it'}
            </MayButton>
          </span>,
        ],
        ['Looked at', item.lookedAt === null ? <span key="none" className="dim">not yet</span> : <Time key="looked" value={item.lookedAt} />],
      ]}
    />
  );
}

/** Nothing is open beside the rows: says where to go on, and with which keys. */
export function NoItem({ next, onBegin }: { next: ReviewItem | undefined; onBegin(): void }) {
  return (
    <aside className={styles.noItem} aria-label="No item is open">
      <EmptyState
        icon={<IconArrowDown size={24} stroke={1.5} />}
        title={next ? 'Go on where something is open' : 'Nothing is open here'}
        actions={next && <Button onClick={onBegin} rightSection={<span aria-hidden><Kbd>J</Kbd></span>}>Open {next.ref}</Button>}
      >
        {next
          ? 'Each item has its guidance here. P, F, N and W give it a verdict and lead to the next open one; what fails stays for its note, which Enter begins. U takes the last verdict back.'
          : 'Every item of these has its verdict. Choose one to read it again, or show others.'}
      </EmptyState>
    </aside>
  );
}
