// What the console remembers for the person: the preferences, as components see them. Main keeps them.
import { createContext, useContext } from 'react';
import { preferences as schema, type Preferences, type PreferencesPatch } from '../../shared/preferences.ts';

export interface Remembered {
  preferences: Preferences;
  /** Shown at once, kept by main. */
  prefer(patch: PreferencesPatch): void;
}

/** Where nobody remembers, as in a test of one part, everything is as at first. */
export const nobody: Remembered = { preferences: schema.parse({}), prefer: () => undefined };

const Context = createContext<Remembered>(nobody);
export const RememberedProvider = Context.Provider;

export function useRemembered(): Remembered {
  return useContext(Context);
}
