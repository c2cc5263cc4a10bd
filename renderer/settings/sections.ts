// The sections of the settings in their order: one file each, at /settings/<id>.
import {
  IconInfoCircle,
  IconPalette,
  IconPlugConnected,
  IconUser,
  type Icon,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { About } from './About.tsx';
import { Account } from './Account.tsx';
import { Appearance } from './Appearance.tsx';
import { Programs } from './Programs.tsx';

export interface SettingsSection {
  /** The part of the path: /settings/<id>. */
  id: string;
  label: string;
  icon: Icon;
  /** Further words by which the omnibox finds it. */
  words: string;
  Section: ComponentType;
}

export const sections: readonly SettingsSection[] = [
  { id: 'appearance', label: 'Appearance', icon: IconPalette, words: 'theme dark light zoom text size', Section: Appearance },
  { id: 'account', label: 'Account', icon: IconUser, words: 'sign out session keychain', Section: Account },
  { id: 'programs', label: 'For programs', icon: IconPlugConnected, words: 'api address key', Section: Programs },
  { id: 'about', label: 'About', icon: IconInfoCircle, words: 'version licences platform', Section: About },
];
