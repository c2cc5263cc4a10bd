// Going to a place of the rail: with the filter that it had last, or without one when the window is there already.
import { useEffect } from 'react';
import type { Place } from '../../shared/places.ts';
import { useMe } from './me.tsx';
import { hashOf, useGo, useRouteStore, type Route } from './routes.ts';
import { useStatus } from './status.tsx';

const SAVE_AFTER_MS = 600;

/** A filter names agents and plans by id, so each workspace has its own. */
function keyOf(organizationId: string, place: Place): string {
  return `${organizationId} ${place}`;
}

/** The query of a route's path, without what opens a dialog. */
export function queryOf(route: Route): string {
  return hashOf({ ...route, id: null }).split('?')[1] ?? '';
}

/** `goToPlace('tasks')`, from the rail, the menu, the omnibox or a key. */
export function useGoToPlace(): (place: Place) => void {
  const go = useGo();
  const routes = useRouteStore();
  const { organization } = useMe();
  const { preferences } = useStatus();
  return (place) => {
    const { route } = routes.getState();
    const query = route.place === place ? '' : (preferences?.filters[keyOf(organization.id, place)] ?? '');
    go(`/${place}${query === '' ? '' : `?${query}`}`);
  };
}

/** Remembers the filter of each place that the window shows: a moment after the last change, and when place or window is left. */
export function useRememberFilters(): void {
  const routes = useRouteStore();
  const { organization } = useMe();
  const { prefer } = useStatus();
  useEffect(() => {
    let changed: Record<string, string | null> | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keep = (): void => {
      clearTimeout(timer);
      if (changed !== null) prefer({ filters: changed });
      changed = null;
    };
    const stop = routes.subscribe(({ route }, before) => {
      if (route.place !== before.route.place) return keep();
      if (route.place === 'settings') return;
      const query = queryOf(route);
      if (query === queryOf(before.route) || query.length > 600) return;
      clearTimeout(timer);
      changed = { [keyOf(organization.id, route.place)]: query === '' ? null : query };
      timer = setTimeout(keep, SAVE_AFTER_MS);
    });
    window.addEventListener('pagehide', keep);
    return () => {
      stop();
      window.removeEventListener('pagehide', keep);
      keep();
    };
  }, [routes, organization.id, prefer]);
}
