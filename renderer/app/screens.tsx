// Which screen draws which place. A noun's folder exports its screen; this is the only file that knows them all.
// Each is a file of its own, so that the first one need not wait for the code of the others.
import type { ReactNode } from 'react';
import { PageHeader, Screen } from '../components/layout.tsx';
import { later, type Later } from '../components/later.tsx';
import { OverviewScreen } from '../overview/index.ts';
import { PlanImportProvider } from '../plans/draft.tsx';
import { isTaskFile, TaskImportProvider, useTaskImport } from '../tasks/import/ImportProvider.tsx';
import { nouns, settings } from './nouns.tsx';
import { places, useRoute, type Place } from './routes.ts';

type ScreenOf = Later<object>;

const screens: Record<Place, ScreenOf> = {
  agents: later(async () => (await import('../agents/index.ts')).AgentsScreen, named('agents')),
  // Where most windows open: it comes with the window.
  overview: Object.assign(() => <OverviewScreen />, { load: async () => undefined }),
  tasks: later(async () => (await import('../tasks/index.ts')).TasksScreen, named('tasks')),
  providers: later(async () => (await import('../providers/index.ts')).ProvidersScreen, named('providers')),
  queues: later(async () => (await import('../queues/index.ts')).QueuesScreen, named('queues')),
  plans: later(async () => (await import('../plans/index.ts')).PlansScreen, named('plans')),
  findings: later(async () => (await import('../findings/index.ts')).FindingsScreen, named('findings')),
  metrics: later(async () => (await import('../metrics/index.ts')).MetricsScreen, named('metrics')),
  jobs: later(async () => (await import('../bulk-plans/index.ts')).BulkPlansScreen, named('jobs')),
  usage: later(async () => (await import('../usage/index.ts')).UsageScreen, named('usage')),
  budgets: later(async () => (await import('../budgets/index.ts')).BudgetsScreen, named('budgets')),
  reviews: later(async () => (await import('../reviews/index.ts')).ReviewsScreen, named('reviews')),
  audit: later(async () => (await import('../audit/index.ts')).AuditScreen, named('audit')),
  settings: later(async () => (await import('../settings/index.ts')).SettingsScreen, named('settings')),
};

/** The screen of a place. */
export function CurrentScreen({ place }: { place: Place }) {
  const Shown = screens[place];
  return <Shown />;
}

/** Fetches a place's screen ahead of drawing it. */
export const loadScreen = (place: Place): Promise<void> => screens[place].load();

/** Fetches all of them, one after the other, while nothing else is to be done: going to a place is at once then. */
export function loadScreensWhenIdle(): () => void {
  const rest = [...places];
  let handle = 0;
  const next = (): void => {
    const place = rest.shift();
    if (place === undefined) return;
    // One that cannot be read says so where it is drawn.
    void loadScreen(place).catch(() => undefined).then(wait);
  };
  const wait = (): void => {
    handle = requestIdleCallback(next);
  };
  wait();
  return () => {
    rest.length = 0;
    cancelIdleCallback(handle);
  };
}

/** What lives above all screens: plans and tasks that are being imported, which a file dropped anywhere begins. */
export function AroundScreens({ children }: { children: ReactNode }) {
  return (
    <TaskImportProvider>
      <Plans>{children}</Plans>
    </TaskImportProvider>
  );
}

function Plans({ children }: { children: ReactNode }) {
  const tasks = useTaskImport();
  const { place, search } = useRoute();
  const importing = place === 'tasks' && search.import === '1';
  const takes = (file: File): boolean => isTaskFile(file.name) || importing;
  return <PlanImportProvider tasks={{ takes, open: tasks.open }}>{children}</PlanImportProvider>;
}

/** The head of a screen whose code is on its way, a few milliseconds as a rule. */
function named(place: Place) {
  const title = [...nouns, settings].find((noun) => noun.place === place)?.label ?? '';
  return function Meanwhile() {
    return (
      <Screen>
        <PageHeader title={title} />
      </Screen>
    );
  };
}
