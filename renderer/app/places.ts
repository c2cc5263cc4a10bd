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

/** Remembers the filter of each place that the window shows. */
export function useRememberFilters(): void {
  const routes = useRouteStore();
  const { organization } = useMe();
  const { prefer } = useStatus();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = routes.subscribe(({ route }, before) => {
      if (route.place !== before.route.place || route.place === 'settings') return;
      const query = queryOf(route);
      if (query === queryOf(before.route) || query.length > 600) return;
      clearTimeout(timer);
      timer = setTimeout(() => prefer({ filters: { [keyOf(organization.id, route.place)]: query === '' ? null : query } }), SAVE_AFTER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [routes, organization.id, prefer]);
}
