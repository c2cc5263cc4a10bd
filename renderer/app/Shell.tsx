// The one layout: accent along the top edge, title bar, rail, content, status line.
import { useQuery } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { accentOf } from '../../shared/accent.ts';
import { placeFacts } from '../../shared/places.ts';
import { Tour } from '../tour/index.ts';
import { Banners } from '../session/Banners.tsx';
import { useApi } from './api.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { useMe } from './me.tsx';
import { OVERVIEW_WINDOW_MINUTES } from './overviewWindow.ts';
import { Omnibox } from './Omnibox.tsx';
import { Rail } from './Rail.tsx';
import { useRoute } from './routes.ts';
import { AroundScreens } from './screens.tsx';
import { SessionActions } from './SessionActions.tsx';
import { useStatus } from './status.tsx';
import { StatusLine } from './StatusLine.tsx';
import { TitleBar } from './TitleBar.tsx';
import { useMouseHistory } from './useMouseHistory.ts';
import { useRememberFilters } from './places.ts';
import styles from './Shell.module.css';

export function Shell({ children }: { children: ReactNode }) {
  const { organization } = useMe();
  const api = useApi();
  const { place } = useRoute();
  const { connection } = useStatus().status;
  // A new name shows at once; who is signed in says the one of the sign-in.
  const workspace = useQuery(api.workspace.get.queryOptions({}));
  const overview = useQuery(api.overview.get.queryOptions({ windowMinutes: OVERVIEW_WINDOW_MINUTES }));
  useMouseHistory();
  useRememberFilters();
  useEffect(() => {
    document.documentElement.dataset.accent = accentOf(organization.id);
    return () => void delete document.documentElement.dataset.accent;
  }, [organization.id]);
  // By this the system and the Window menu tell windows apart.
  const title = [placeFacts(place).label, organization.name, connection.name].join(' · ');
  useEffect(() => void (document.title = title), [title]);

  return (
    <div className={styles.window}>
      <a className={styles.skip} href="#content" onClick={skipToContent}>Skip to the content</a>
      <TitleBar organization={workspace.data?.name ?? organization.name} demo={organization.demo ?? false} />
      <Rail figures={overview.data?.figures ?? null} place={place} />
      <main id="content" className={styles.content} tabIndex={-1}>
        <Banners />
        <div className={styles.screen}>
          <AroundScreens>
            <ErrorBoundary key={place}>{children}</ErrorBoundary>
          </AroundScreens>
        </div>
      </main>
      <StatusLine overview={overview.data ?? null} />
      <Tour />
      <SessionActions />
      <Omnibox />
    </div>
  );
}

/** The address behind `#` is the window's place, so the anchor must not change it. */
function skipToContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
