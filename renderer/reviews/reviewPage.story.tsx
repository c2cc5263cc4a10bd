// One review in every state in which a person meets them.
import { useEffect, type ReactNode } from 'react';
import { AppError } from '../../shared/errors.ts';
import { countItems } from '../../shared/review.ts';
import { useDrafts } from '../components/draft.ts';
import { failing, pending } from '../stories/bridge.ts';
import { meAs } from '../stories/fixtures.ts';
import { makeReview, review, submittedReview, takenByOther } from '../stories/reviewFixtures.ts';
import { defineStories } from '../stories/story.ts';
import { createDrafts } from './drafts.ts';
import { ReviewsScreen } from './ReviewsScreen.tsx';

const open = review.items.find((item) => item.verdict === null)!;
const failed = review.items.find((item) => item.verdict === 'fail')!;
const waived = review.items.find((item) => item.verdict === 'waived')!;
const at = (ref: string, search = ''): string => `/reviews/${review.id}?item=${ref}${search}`;
const done = makeReview(1, { level: 2, id: review.id });
const conflicting = {
  'reviews.decide': () => {
    throw new AppError('version_conflict', `${open.ref} was changed meanwhile.`, { details: { current: takenByOther(open) } });
  },
};
/** Ten times as many items as the built-in checklist has, for the eye and for the clock. */
const huge = (() => {
  const items = Array.from({ length: 10 }, (_, round) =>
    review.items.map((item) => ({ ...item, id: `${item.id}-${round}`, ref: `${item.ref}.${round}` })),
  ).flat();
  return { ...review, counts: countItems(items), items };
})();

/** Presses a key once the rows are there, as a person does: some states come from nothing else. */
function Pressed({ keys, children }: { keys: string; children: ReactNode }) {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.querySelector('[role="grid"] [aria-selected="true"]')) return;
      clearInterval(timer);
      for (const key of keys) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code: `Key${key.toUpperCase()}`, bubbles: true }));
    }, 30);
    return () => clearInterval(timer);
  }, [keys]);
  return children;
}
const pressing = (keys: string) => ({
  frame: 'shell' as const,
  render: () => (
    <Pressed keys={keys}>
      <ReviewsScreen />
    </Pressed>
  ),
});

/** A review in which the first open item carries evidence that can be followed. */
const linked = {
  ...review,
  items: review.items.map((item) =>
    item.ref === open.ref
      ? { ...item, note: 'Run 41 shows it: https://ci.northwind.example/security/runs/41?job=isolation&step=foreign-tenant-refused#L212\n\nThe policy as it is: https://git.northwind.example/box/policies.sql' }
      : item,
  ),
};

/** Written before the backend went away, and not saved. */
function Unsaved() {
  const drafts = useDrafts();
  useEffect(() => createDrafts(drafts, review.id).write(open.ref, { text: 'Seen on staging: the second node', version: open.version, note: '' }), [drafts]);
  return <ReviewsScreen />;
}

export const stories = defineStories('reviews/page', {
  some: { path: `/reviews/${review.id}` },
  open: { path: at(open.ref) },
  failed: { path: at(failed.ref) },
  waived: { path: at(waived.ref) },
  filtered: { path: at(failed.ref, '&verdict=fail,waived&level=1') },
  section: { path: at(open.ref, `&section=${encodeURIComponent(open.section)}`) },
  waiving: { path: at(open.ref), ...pressing('w') },
  fails: { path: at(open.ref), ...pressing('f') },
  linked: { path: at(open.ref), handlers: { 'reviews.get': () => linked } },
  unsaved: { path: at(failed.ref), frame: 'shell', render: () => <Unsaved /> },
  decided: { path: at(open.ref), ...pressing('p') },
  conflict: { path: at(open.ref), handlers: conflicting, ...pressing('p') },
  refused: { path: at(open.ref), handlers: { 'reviews.decide': failing('unavailable', 'The backend cannot be reached.') }, ...pressing('p') },
  submitted: { path: `/reviews/${submittedReview.id}?item=${submittedReview.items[3]?.ref}` },
  'all decided': { path: at(done.items[0]?.ref ?? ''), handlers: { 'reviews.get': () => done } },
  viewer: { path: at(open.ref), me: meAs('viewer') },
  'nothing matches': { path: `/reviews/${review.id}?q=zeppelin` },
  'nothing mine': { path: `/reviews/${review.id}?assigned=me&verdict=undecided&section=Recovery&level=3` },
  huge: { path: at(`${open.ref}.0`), handlers: { 'reviews.get': () => huge } },
  loading: { path: `/reviews/${review.id}`, handlers: { 'reviews.get': pending } },
  failing: { path: `/reviews/${review.id}`, handlers: { 'reviews.get': failing('unavailable', 'The backend does not answer.') } },
  gone: { path: '/reviews/019a0000-0000-7000-8000-000000000000' },
});
