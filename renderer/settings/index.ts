// Settings: the screen, its sections, and the list of them for the omnibox.
export { SettingsScreen } from './SettingsScreen.tsx';
export { sections, type SettingsSection } from './sections.ts';
