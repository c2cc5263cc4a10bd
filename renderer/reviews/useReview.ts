// A review as this window has it: what is loaded, with the desk's decisions over it, and the calls that change it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { countItems, type Review, type ReviewItem, type ReviewItemState } from '../../shared/review.ts';
import { useApi } from '../app/api.ts';
import { useDrafts } from '../components/draft.ts';
import { notifyProblem } from '../components/notify.ts';
import { problemOf } from '../components/problem.ts';
import { createDesk, withPending, type Sent } from './desk.ts';
import { createDrafts } from './drafts.ts';
import { createSaid } from './said.ts';
import { tellRefused } from './toasts.ts';

/** Newer rows over the loaded ones. */
export function withItems(review: Review | undefined, changed: readonly ReviewItemState[]): Review | undefined {
  if (!review) return review;
  const newer = new Map(changed.map((item) => [item.ref, item]));
  const items = review.items.map((item) => {
    const next = newer.get(item.ref);
    return next && next.version > item.version ? { ...item, ...next } : item;
  });
  return { ...review, items };
}

export function useReview(id: string) {
  const api = useApi();
  const client = useQueryClient();
  const query = useQuery(api.reviews.get.queryOptions({ id }));
  const key = api.reviews.get.queryKey({ id });
  const take = (items: readonly ReviewItemState[]): void => {
    client.setQueryData(key, (review) => withItems(review, items));
  };
  const { mutateAsync: send } = useMutation(api.reviews.decide.mutationOptions());
  const kept = useDrafts();
  const drafts = useMemo(() => createDrafts(kept, id), [kept, id]);
  // As one text, so that a sign that is written into one of them draws nothing but its field.
  const unsaved = useStore(drafts.store, () => drafts.refs().join('\n'));
  const [said] = useState(createSaid);
  const [desk] = useState(() =>
    createDesk({
      async send(ref, change, version): Promise<Sent> {
        try {
          return { ok: true, item: await send({ id, ref, version, ...change }) };
        } catch (error) {
          const { code, current } = problemOf(error);
          if (code === 'version_conflict' && current) return { ok: false, conflict: current as ReviewItem };
          return { ok: false, error };
        }
      },
      item: (ref) => client.getQueryData(key)?.items.find((item) => item.ref === ref),
      settle(item) {
        take([item]);
        if (drafts.read(item.ref)?.text === item.note) drafts.drop(item.ref);
      },
      failed: tellRefused,
    }),
  );
  const { pending, conflicts } = useStore(desk.store);
  const review = query.data;
  const items = useMemo(() => review && withPending(review.items, pending), [review, pending]);
  const counts = useMemo(() => items && countItems(items), [items]);

  const assign = useMutation(
    api.reviews.assign.mutationOptions({ onSuccess: (answer) => take(answer.items), onError: notifyProblem }),
  );
  const look = useMutation(api.reviews.look.mutationOptions({ onSuccess: (item) => take([item]) }));
  const put = (next: Review): void => void client.setQueryData(key, next);
  const submit = useMutation(api.reviews.submit.mutationOptions({ onSuccess: put }));
  const reopen = useMutation(api.reviews.reopen.mutationOptions({ onSuccess: put }));
  return { query, review, items, counts, desk, drafts, said, unsaved: useMemo(() => unsaved.split('\n').filter(Boolean), [unsaved]), conflicts, pending, assign, look, submit, reopen };
}
export type OpenReview = ReturnType<typeof useReview>;

/** Milliseconds for which details must be open to count as looked at: shorter is passing by. */
export const LOOK_MS = 1_000;

/** Notes that an item was looked at, once its details have been open for a while. */
export function useLook({ look }: OpenReview, item: ReviewItem | undefined, may: boolean): void {
  const ref = item?.ref;
  const reviewId = item?.reviewId;
  const due = may && item !== undefined && item.lookedAt === null;
  const { mutate } = look;
  useEffect(() => {
    if (!due || ref === undefined || reviewId === undefined) return;
    const timer = setTimeout(() => mutate({ id: reviewId, ref }), LOOK_MS);
    return () => clearTimeout(timer);
  }, [due, ref, reviewId, mutate]);
}
