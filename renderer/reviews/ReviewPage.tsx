// A review: its progress, its sections and items, and the details of one, decided by single keys.
import { Button } from '@mantine/core';
import { IconArrowLeft, IconFileText, IconUser } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { Review } from '../../shared/review.ts';
import { MayButton, useMe } from '../app/me.tsx';
import { useGo } from '../app/routes.ts';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { FilterBar } from '../components/FilterBar.tsx';
import { formatPlural } from '../components/format.ts';
import { EmptyState, PageHeader, Screen } from '../components/layout.tsx';
import { useNow } from '../components/now.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { Chip, Kbd } from '../components/values.tsx';
import { ConflictBar } from './ConflictBar.tsx';
import { DeskBar } from './DeskBar.tsx';
import { ItemPanel, NoItem } from './ItemPanel.tsx';
import { ItemRows } from './ItemRows.tsx';
import { ReviewProgress } from './ReviewProgress.tsx';
import { ReviewReport } from './ReviewReport.tsx';
import { isMineAndOpen, hasTokens, isNarrowed, itemFields, sectionsOf, submitRefusal } from './reviewView.ts';
import { SectionNav, SectionSelect } from './SectionNav.tsx';
import { useReview, type OpenReview } from './useReview.ts';
import { useReviewKeys } from './useReviewKeys.ts';
import { useWork, type Work } from './useWork.ts';
import styles from './reviews.module.css';

export function ReviewPage({ id }: { id: string }) {
  const opened = useReview(id);
  const { review, query } = opened;
  if (!review) {
    return (
      <Screen>
        <PageHeader title="Security review" actions={<BackButton />} />
        {query.error ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton />}
      </Screen>
    );
  }
  return <Loaded opened={opened} review={review} />;
}

function Loaded({ opened, review }: { opened: OpenReview; review: Review }) {
  const grid = useRef<HTMLDivElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const work = useWork(opened, review, { grid, note });
  useReviewKeys(work);
  // The keys work at once, as in every list.
  useEffect(() => grid.current?.focus({ preventScroll: true }), []);
  const { items, rows, counts, conflicts } = work;
  const [first] = conflicts;
  const unsavedRefs = useMemo(() => new Set(opened.unsaved), [opened.unsaved]);
  const theirs = first && review.items.find((item) => item.ref === first.ref);
  return (
    <Screen>
      <div className={styles.page}>
        <Header review={review} work={work} opened={opened} />
        <ReviewProgress counts={counts} />
        {first && theirs && (
          <ConflictBar
            key={first.ref}
            conflict={first}
            theirs={theirs}
            others={conflicts.length - 1}
            onKeepTheirs={work.keepTheirs}
            onUseMine={work.useMine}
            onKeepBoth={work.keepBoth}
            onOpen={() => work.select(first.ref)}
          />
        )}
        <div className={styles.work}>
          <SectionNav sections={sectionsOf(items)} value={work.search.section} onChange={work.showSection} />
          <div className={styles.list}>
            <Toolbar work={work} />
            <ItemRows
              ref={grid}
              rows={rows}
              items={items}
              selected={work.selected}
              conflicts={work.conflictRefs}
              unsaved={unsavedRefs}
              onSelect={work.select}
              onEnter={work.focusNote}
              empty={<Nothing work={work} />}
            />
          </div>
          <Beside work={work} opened={opened} review={review} noteRef={note} />
        </div>
        <DeskBar said={opened.said} selected={work.selected} unsaved={opened.unsaved} onUndo={work.undo} onOpen={work.select} />
      </div>
    </Screen>
  );
}

interface BesideProps {
  work: Work;
  opened: OpenReview;
  review: Review;
  noteRef: RefObject<HTMLTextAreaElement | null>;
}
function Beside({ work, opened, review, noteRef }: BesideProps) {
  const { item, items } = work;
  if (!item) {
    return <NoItem next={items.find(({ ref }) => ref === work.following)} onBegin={work.next} />;
  }
  return (
    <ItemPanel
      item={item}
      loaded={review.items.find(({ ref }) => ref === item.ref) ?? item}
      drafts={opened.drafts}
      noteEpoch={work.noteEpoch}
      saving={work.savingNote}
      closed={work.closed}
      reason={work.reason}
      waiving={work.waiving}
      onDecide={work.decide}
      onWaive={work.waive}
      onCancelWaive={work.cancelWaive}
      onNote={work.saveNote}
      onNoteDone={work.noteDone}
      onNoteLeave={work.focusRows}
      onAssign={(mine) => work.assignItem(mine)}
      onClose={work.close}
      noteRef={noteRef}
    />
  );
}

function BackButton() {
  const go = useGo();
  return (
    <Button leftSection={<IconArrowLeft size={14} />} onClick={() => go({ place: 'reviews' })}>
      Reviews
    </Button>
  );
}

function Header({ review, work, opened }: { review: Review; work: Work; opened: OpenReview }) {
  const [dialog, setDialog] = useState<'submit' | 'report' | null>(null);
  const now = useNow(60_000);
  const { counts, items } = work;
  const open = review.state === 'open';
  const notable = [
    ...(counts.failed > 0 ? [`${formatPlural(counts.failed, 'item')} ${counts.failed === 1 ? 'fails' : 'fail'}`] : []),
    ...(counts.waived > 0 ? [`${counts.waived} ${counts.waived === 1 ? 'is' : 'are'} waived`] : []),
  ];
  return (
    <>
      <PageHeader
        title={review.title}
        aside={
          <span className={styles.chips}>
            <StateBadge state={open ? 'running' : 'succeeded'}>{open ? 'Open' : 'Submitted'}</StateBadge>
            <Chip>
              {review.checklistName} · {review.level === null ? 'all levels' : `level ${review.level}`}
            </Chip>
            <span className={styles.version}>
              <Chip>version {review.checklistVersion}</Chip>
            </span>
          </span>
        }
        actions={
          <>
            <BackButton />
            <Button leftSection={<IconFileText size={14} />} onClick={() => setDialog('report')}>
              Report
            </Button>
            {open ? (
              <MayButton
                permission="reviews:write"
                variant="filled"
                reason={submitRefusal(items, now)}
                onClick={() => setDialog('submit')}
              >
                Submit
              </MayButton>
            ) : (
              <MayButton
                permission="reviews:write"
                loading={opened.reopen.isPending}
                onClick={() => opened.reopen.mutate({ id: review.id })}
              >
                Reopen
              </MayButton>
            )}
          </>
        }
      />
      {opened.reopen.error && <ProblemNotice error={opened.reopen.error} />}
      {!open && (
        <p className={styles.closedNote}>
          Submitted{review.submittedBy && ` by ${review.submittedBy.name}`}: its verdicts and notes stay as they are until it is opened again.
        </p>
      )}
      <ConfirmDialog
        opened={dialog === 'submit'}
        title="Submit this review?"
        confirm="Submit the review"
        busy={opened.submit.isPending}
        error={opened.submit.error}
        onConfirm={() => opened.submit.mutate({ id: review.id }, { onSuccess: () => setDialog(null) })}
        onClose={() => setDialog(null)}
      >
        <p>
          All {counts.total} items are decided{notable.length > 0 && `; ${notable.join(', ')}`}. Verdicts and notes stay as
          they are from then on. It can be opened again, which the audit log keeps.
        </p>
      </ConfirmDialog>
      {dialog === 'report' && <ReviewReport review={review} onClose={() => setDialog(null)} />}
    </>
  );
}

function Toolbar({ work }: { work: Work }) {
  const { user } = useMe();
  const { search, items, rows } = work;
  const mine = isMineAndOpen(search);
  const members = search.section === undefined ? [] : items.filter((item) => item.section === search.section);
  const taken = members.length > 0 && members.every((item) => item.assignee?.id === user.id);
  return (
    <div className={styles.toolbar} data-filtered={hasTokens(search) || undefined}>
      <SectionSelect sections={sectionsOf(items)} value={search.section} onChange={work.showSection} />
      <div className={styles.filter}>
        <FilterBar
          label="Filter items"
          fields={itemFields}
          value={search}
          onChange={work.filter}
          placeholder="Verdict, level or words…"
          aside={rows.length < items.length && `${rows.length} of ${items.length}`}
        />
      </div>
      <Button
        mod={{ on: mine }}
        className={styles.toggle}
        aria-pressed={mine}
        onClick={work.toggleMine}
        rightSection={<span aria-hidden><Kbd>M</Kbd></span>}
      >
        Mine and open
      </Button>
      {search.section !== undefined && (
        <MayButton
          permission="reviews:write"
          reason={work.closed}
          leftSection={<IconUser size={14} />}
          onClick={() => work.assignSection(!taken)}
        >
          {taken ? 'Give section back' : 'Take section'}
        </MayButton>
      )}
    </div>
  );
}

function Nothing({ work }: { work: Work }) {
  const mine = isMineAndOpen(work.search);
  return (
    <EmptyState
      title={mine ? 'Nothing open is yours' : 'No item matches'}
      actions={isNarrowed(work.search) && <Button onClick={() => work.show({})}>Show all items</Button>}
    >
      {mine
        ? 'Take single items with A, or choose a section and take it whole. What you take and have not decided comes up here.'
        : 'Take a filter away, or search for other words.'}
    </EmptyState>
  );
}

function Skeleton() {
  return (
    <div className={styles.ghost} role="status" aria-label="The review is being loaded">
      {Array.from({ length: 12 }, (_, index) => (
        <i key={index} style={{ width: `${60 + ((index * 17) % 38)}%` }} />
      ))}
    </div>
  );
}
