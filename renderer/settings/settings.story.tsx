// Each section of the settings.
import { defineStories } from '../stories/story.ts';

export const stories = defineStories('settings', {
  appearance: { path: '/settings/appearance' },
  account: { path: '/settings/account' },
  programs: { path: '/settings/programs' },
  about: { path: '/settings/about' },
});
