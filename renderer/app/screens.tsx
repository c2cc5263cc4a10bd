// Which screen draws which place. A noun's folder exports its screen; this is the only file that knows them all.
import type { ComponentType, ReactNode } from 'react';
import { EmptyState } from '../components/layout.tsx';
import { AgentsScreen } from '../agents/index.ts';
import { AuditScreen } from '../audit/index.ts';
import { FindingsScreen } from '../findings/index.ts';
import { MetricsScreen } from '../metrics/index.ts';
import { OverviewScreen } from '../overview/index.ts';
import { PlanImportProvider, PlansScreen } from '../plans/index.ts';
import { ReviewsScreen } from '../reviews/index.ts';
import { SettingsScreen } from '../settings/index.ts';
import { TasksScreen } from '../tasks/index.ts';
import { UsageScreen } from '../usage/index.ts';
import type { Place } from './routes.ts';

const screens: Partial<Record<Place, ComponentType>> = {
  agents: AgentsScreen,
  overview: OverviewScreen,
  tasks: TasksScreen,
  plans: PlansScreen,
  findings: FindingsScreen,
  metrics: MetricsScreen,
  usage: UsageScreen,
  reviews: ReviewsScreen,
  audit: AuditScreen,
  settings: SettingsScreen,
};

/** The screen of a place. */
export function CurrentScreen({ place }: { place: Place }) {
  const Screen = screens[place] ?? Missing;
  return <Screen />;
}

/** What lives above all screens: a plan that is being imported, which a file dropped anywhere begins. */
export function AroundScreens({ children }: { children: ReactNode }) {
  return <PlanImportProvider>{children}</PlanImportProvider>;
}

function Missing() {
  return <EmptyState title="Nothing is here">Choose another place on the left, or press Ctrl K.</EmptyState>;
}
