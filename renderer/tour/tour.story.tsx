// The tour over the window that it speaks of.
import { emptyWorkspace } from '../stories/bridge.ts';
import { defineStories } from '../stories/story.ts';

export const stories = defineStories('tour', {
  begun: { path: '/overview?tour=1' },
  'in an empty workspace': { path: '/overview?tour=1', handlers: emptyWorkspace },
});
