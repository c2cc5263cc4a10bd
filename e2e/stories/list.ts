// Which stories there are: the step that builds them asks the built page, and keeps its answer in a file.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const themes = ['dark', 'light'] as const;
export type Theme = (typeof themes)[number];

const file = resolve(import.meta.dirname, '../../out/stories/list.json');
/** The pictures that are kept, `<title>/<state>-<theme>.webp`. */
export const picturesFolder = join(import.meta.dirname, 'pictures');

/** Names as `tasks/some`. */
export function listStories(): string[] {
  if (!existsSync(file)) throw new Error('The stories are not built. Run: npm test -- --only=stories');
  const { stories } = JSON.parse(readFileSync(file, 'utf8')) as { stories: { story: string }[] };
  return stories.map(({ story }) => story);
}

/** The parts of the file's path below `picturesFolder`. */
export function pictureOf(story: string, theme: Theme): string[] {
  const parts = story.split('/').map((part) => part.replaceAll(/[^\w-]+/g, '-'));
  const state = parts.pop() ?? '';
  return [...parts, `${state}-${theme}.webp`];
}
