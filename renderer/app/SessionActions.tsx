// What a window can do once somebody is signed in: places, back and forward, what can be begun, pausing, links, undo.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useStore } from 'zustand';
import { formatLink } from '../../shared/link.ts';
import { railPlaces, type Place } from '../../shared/places.ts';
import type { Workspace } from '../../shared/workspace.ts';
import { useAction } from '../components/actions.tsx';
import { useBridge } from '../components/bridge.tsx';
import { takesText } from '../components/keys.ts';
import { notifyDone, notifyProblem } from '../components/notify.ts';
import { useUndo } from '../components/undo.tsx';
import { TryDemoAction } from '../demo/index.ts';
import { useApi } from './api.ts';
import { useMe } from './me.tsx';
import { useGoToPlace } from './places.ts';
import { forgetPlace, formatRoute, useGo, useRouteStore } from './routes.ts';

export function SessionActions() {
  const go = useGo();
  const routes = useRouteStore();
  const bridge = useBridge();
  const undo = useUndo();
  const me = useMe();
  const index = useStore(routes, (state) => state.index);
  const last = useStore(routes, (state) => state.entries.length - 1);
  useAction('go.back', () => routes.getState().back(), { reason: index > 0 ? null : 'This is where the window began.' });
  useAction('go.forward', () => routes.getState().forward(), { reason: index < last ? null : 'Nothing lies ahead.' });
  useAction('go.settings', () => go({ place: 'settings' }));
  useAction('connection.manage', () => go({ place: 'settings', id: 'connections' }));
  useAction('task.new', () => go({ place: 'tasks', search: { new: '1' } }));
  useAction('task.import', () => go({ place: 'tasks', search: { import: '1' } }));
  useAction('schedule.new', () => go({ place: 'queues', search: { tab: 'schedules', new: '1' } }));
  useAction('review.new', () => go({ place: 'reviews', search: { new: '1' } }));
  useAction('agent.new', () => go({ place: 'agents', search: { new: '1' } }));
  useAction('provider.new', () => go({ place: 'providers', search: { new: '1' } }));
  useAction('plan.import', () => go({ place: 'plans', search: { import: '1' } }));
  useAction('tour.start', () => go({ place: 'overview', search: { tour: '1' } }));
  useAction('session.end', () => routes.getState().leave(() => {
    void bridge.request('session:logout').then((answer) => (answer.ok ? forgetPlace() : notifyProblem(answer.problem)));
  }));
  useAction('link.copy', () => {
    const text = formatLink({ owner: me.organization.id, path: formatRoute(routes.getState().route) });
    bridge.request('clipboard:write', { text }).then(() => notifyDone('The link to this is copied.'), notifyProblem);
  });
  useAction('edit.undo', () => {
    // From the menu: what is being written comes first, as in every program.
    if (takesText(document.activeElement)) void bridge.request('app:act', { action: 'page.undo' });
    else if (!undo.undoLast()) notifyDone('There is nothing to undo in this window.');
  });
  usePauseActions();
  return (
    <>
      <TryDemoAction />
      {railPlaces.map((place) => <GoAction key={place} place={place} />)}
    </>
  );
}

function GoAction({ place }: { place: Place }) {
  const goToPlace = useGoToPlace();
  useAction(`go.${place}`, () => goToPlace(place));
  return null;
}

/** Pausing from anywhere is done at once, as it can be taken back; the overview's switch asks, as it is large and near. */
function usePauseActions(): void {
  const api = useApi();
  const client = useQueryClient();
  const undo = useUndo();
  const key = api.workspace.get.queryKey({});
  const { mutateAsync } = useMutation(api.workspace.setPaused.mutationOptions());
  const change = async (paused: boolean): Promise<void> => {
    const answer = await mutateAsync({ paused });
    client.setQueryData(key, answer);
  };
  const [paused, resumed] = [
    'Everything is paused: nothing new is claimed, what runs, runs on.',
    'Everything goes on: agents claim work again.',
  ];
  const choose = (to: boolean): void => {
    const before = client.getQueryData<Workspace>(key)?.paused;
    if (before === to) return notifyDone(to ? 'Everything is paused already.' : 'Nothing is paused.');
    change(to).then(
      () => undo.offer({ done: to ? paused : resumed, undone: to ? resumed : paused, undo: () => change(!to) }),
      notifyProblem,
    );
  };
  useAction('workspace.pause', () => choose(true));
  useAction('workspace.resume', () => choose(false));
}
