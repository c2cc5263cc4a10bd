// The one layout: accent along the top edge, title bar, rail, content, status line.
import { useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { Tour } from '../tour/index.ts';
import { Banners } from '../session/Banners.tsx';
import { useApi } from './api.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { KeyboardSheet } from './KeyboardSheet.tsx';
import { useMe } from './me.tsx';
import { OVERVIEW_WINDOW_MINUTES } from './overviewWindow.ts';
import { Omnibox } from './Omnibox.tsx';
import { Rail } from './Rail.tsx';
import { useGo, useRoute, useRouteStore } from './routes.ts';
import { AroundScreens } from './screens.tsx';
import { StatusLine } from './StatusLine.tsx';
import { accentOf } from './tenant.ts';
import { TitleBar } from './TitleBar.tsx';
import styles from './Shell.module.css';

export function Shell({ children }: { children: ReactNode }) {
  const { organization } = useMe();
  const api = useApi();
  const go = useGo();
  const { place } = useRoute();
  const routes = useRouteStore();
  const [sheet, setSheet] = useState(false);
  // A new name shows at once; who is signed in says the one of the sign-in.
  const workspace = useQuery(api.workspace.get.queryOptions({}));
  const overview = useQuery(api.overview.get.queryOptions({ windowMinutes: OVERVIEW_WINDOW_MINUTES }));

  useEffect(() => {
    document.documentElement.dataset.accent = accentOf(organization.id);
    return () => void delete document.documentElement.dataset.accent;
  }, [organization.id]);
  useHotkeys([
    ['alt+ArrowLeft', () => routes.getState().back()],
    ['alt+ArrowRight', () => routes.getState().forward()],
    ['mod+1', () => go({ place: 'overview' })],
    ['mod+2', () => go({ place: 'agents' })],
    ['mod+3', () => go({ place: 'tasks' })],
    ['mod+4', () => go({ place: 'plans' })],
    ['mod+5', () => go({ place: 'findings' })],
    ['mod+,', () => go({ place: 'settings' })],
    ['shift+?', () => setSheet(true)],
    ['?', () => setSheet(true)],
  ]);

  return (
    <div className={styles.window}>
      <a className={styles.skip} href="#content">Skip to the content</a>
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
      <Omnibox />
      <KeyboardSheet opened={sheet} onClose={() => setSheet(false)} />
    </div>
  );
}
