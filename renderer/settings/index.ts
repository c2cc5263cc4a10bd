// Settings: the screen with its sections. Their words alone are in sectionList.ts.
export { SettingsScreen } from './SettingsScreen.tsx';
