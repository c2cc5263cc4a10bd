// The sections of the settings in their order, by their words alone: what the omnibox needs before any is drawn.

export interface SectionFacts {
  /** The part of the path: /settings/<id>. */
  id: string;
  label: string;
  /** Further words by which the omnibox finds it. */
  words: string;
}

export const sectionList = [
  { id: 'appearance', label: 'Appearance', words: 'theme dark light zoom text size' },
  { id: 'connections', label: 'Connections', words: 'server address window rename remove' },
  { id: 'notifications', label: 'Notifications', words: 'quiet hours tell test alert' },
  { id: 'closing', label: 'Closing and sleep', words: 'tray quit background awake' },
  { id: 'account', label: 'Account', words: 'sign out session keychain' },
  { id: 'workspace', label: 'Workspace', words: 'name organisation plan pause demo limit running at once' },
  { id: 'data', label: 'Data', words: 'folder size disk retention events keep' },
  { id: 'backup', label: 'Backup', words: 'restore passphrase master key' },
  { id: 'diagnostics', label: 'Diagnostics', words: 'log report trouble support errors' },
  { id: 'programs', label: 'For programs', words: 'api address key revoke' },
  { id: 'about', label: 'About', words: 'version licences platform tour help' },
] as const satisfies readonly SectionFacts[];

export type SectionId = (typeof sectionList)[number]['id'];
