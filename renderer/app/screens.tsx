// Which screen draws which place. A noun's folder exports its screen; this is the only file that knows them all.
import type { ComponentType } from 'react';
import { EmptyState } from '../components/layout.tsx';
import type { Place } from './routes.ts';
import { SettingsScreen } from './Settings.tsx';

const screens: Partial<Record<Place, ComponentType>> = {
  settings: SettingsScreen,
};

/** The screen of a place. */
export function CurrentScreen({ place }: { place: Place }) {
  const Screen = screens[place] ?? Missing;
  return <Screen />;
}

function Missing() {
  return <EmptyState title="Nothing is here">Choose another place on the left, or press Ctrl K.</EmptyState>;
}
