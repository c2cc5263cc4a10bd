// The list of reviews in every state in which a person meets it.
import type { ReviewSummary } from '../../shared/review.ts';
import { emptyWorkspace, failing, paged, pending } from '../stories/bridge.ts';
import { meAs, secondsAgo, uuid } from '../stories/fixtures.ts';
import { review, submittedReview } from '../stories/reviewFixtures.ts';
import { defineStories } from '../stories/story.ts';

const many = Array.from({ length: 400 }, (_, index): ReviewSummary => {
  const { items: _items, ...like } = index % 3 === 0 ? review : submittedReview;
  return { ...like, id: uuid('8', index, 60 + index * 40_000), title: `${like.title}, round ${index + 1}`, createdAt: secondsAgo(60 + index * 40_000) };
});

export const stories = defineStories('reviews', {
  some: { path: '/reviews' },
  many: { path: '/reviews', handlers: { 'reviews.list': (input) => paged(many, input) } },
  empty: { path: '/reviews', handlers: emptyWorkspace },
  loading: { path: '/reviews', handlers: { 'reviews.list': pending } },
  failing: { path: '/reviews', handlers: { 'reviews.list': failing('unavailable', 'The backend does not answer.') } },
  new: { path: '/reviews?new=1' },
  'list as viewer': { path: '/reviews', me: meAs('viewer') },
});
