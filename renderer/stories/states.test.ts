// What must be drawn: every place of the console and everything that opens beside a list, in each of its states. The
// places are those of the rail, what opens is found in the sources, so that a new one without its stories fails here.
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { places, type Place } from '../../shared/places.ts';
import { sectionList, type SectionId } from '../settings/sectionList.ts';
import { pending } from './bridge.ts';
import type { Stories, StoryState } from './story.ts';

const modules = import.meta.glob<{ stories: Stories }>('../**/*.story.tsx', { eager: true });
const sources = import.meta.glob<string>('../*/*.tsx', { eager: true, query: '?raw', import: 'default' });
const all = Object.values(modules).map(({ stories }) => stories);

function story(name: string): StoryState | undefined {
  const slash = name.lastIndexOf('/');
  return all.find(({ title }) => title === name.slice(0, slash))?.states[name.slice(slash + 1)];
}
const answers = ({ handlers, keeping }: StoryState) => [...Object.values(handlers ?? {}), ...Object.values(keeping ?? {})];
function refuses(answer: (input: Record<string, unknown>) => unknown): boolean {
  try {
    answer({});
    return false;
  } catch (error) {
    return error instanceof AppError;
  }
}

/** What keeps a story from being the state that it is to show; null: it is it. */
function wrongWith(name: string, state: string): string | null {
  const found = story(name);
  if (!found) return `there is no story “${name}”`;
  if (found.render) return null;
  if (state === 'loading' && !answers(found).includes(pending)) return `“${name}” waits for nothing`;
  if (state === 'failing' && !answers(found).some(refuses)) return `“${name}” fails in nothing`;
  return null;
}
const wrongs = (states: Record<string, string>): string[] =>
  Object.entries(states).flatMap(([state, name]) => wrongWith(name, state) ?? []);

/** Where the stories of a place are not called as the place is. */
const titles: Partial<Record<Place, string>> = { jobs: 'bulk jobs' };
const listStates = ['some', 'many', 'empty', 'loading', 'failing'];

test.each(places.filter((place) => place !== 'settings'))('%s is drawn with some, with many, empty, loading and failing', (place) => {
  const title = titles[place] ?? place;
  expect(wrongs(Object.fromEntries(listStates.map((state) => [state, `${title}/${state}`])))).toEqual([]);
  for (const state of listStates) {
    const { path, render } = story(`${title}/${state}`) ?? {};
    if (!render) expect(path?.split(/[/?]/)[1], `where ${title}/${state} is`).toBe(place);
  }
});

/** The settings are no list: each section is drawn, and one that asks for something also while it waits and when it is refused. */
const asking: Partial<Record<SectionId, true>> = { workspace: true, data: true, backup: true, programs: true };
test.each(sectionList.map(({ id }) => id))('the settings’ section %s is drawn in its states', (id) => {
  const states: Record<string, string> = asking[id] ? { some: `settings/${id}`, loading: `settings/${id}-loading`, failing: `settings/${id}-failing` } : { some: `settings/${id}` };
  expect(wrongs(states)).toEqual([]);
});

/** By the folder of what opens; what comes with its list waits and fails with the list. */
const panels: Record<string, { some: string; loading: string; failing: string }> = {
  agents: { some: 'agents/busy', loading: 'agents/one loading', failing: 'agents/one failing' },
  audit: { some: 'audit/changed agent', loading: 'audit/one loading', failing: 'audit/one failing' },
  'bulk-plans': { some: 'bulk jobs/running', loading: 'bulk jobs/loading', failing: 'bulk jobs/one failing' },
  budgets: { some: 'budgets/in budget', loading: 'budgets/loading', failing: 'budgets/one failing' },
  findings: { some: 'findings/open', loading: 'findings/one loading', failing: 'findings/one failing' },
  plans: { some: 'plans/plan', loading: 'plans/planLoading', failing: 'plans/planFailing' },
  providers: { some: 'providers/ok', loading: 'providers/one loading', failing: 'providers/one failing' },
  queues: { some: 'queues/open', loading: 'queues/loading', failing: 'queues/one failing' },
  reviews: { some: 'reviews/page/open', loading: 'reviews/page/loading', failing: 'reviews/page/failing' },
  schedules: { some: 'queues/a schedule', loading: 'queues/a schedule loading', failing: 'queues/a schedule failing' },
  tasks: { some: 'tasks/running', loading: 'tasks/loading', failing: 'tasks/one failing' },
};
const opening = [...new Set(Object.entries(sources).flatMap(([file, text]) => {
  const [, folder = '', name = ''] = file.split('/');
  return folder !== 'components' && !/\.(story|test)\.tsx$/.test(name) && text.includes('<Details') ? [folder] : [];
}))];

test('what opens beside a list is known', () => {
  expect(opening.length).toBeGreaterThan(6);
  expect(opening.filter((folder) => !panels[folder]), 'folders that open something and are not in the table above').toEqual([]);
});

test.each(Object.entries(panels))('what opens in %s is drawn open, loading and failing', (_, states) => {
  expect(wrongs(states)).toEqual([]);
  for (const name of Object.values(states)) {
    const { path, render } = story(name) ?? {};
    if (!render) expect(path, `${name} opens one`).toMatch(/^\/\w+\/[^?]/);
  }
});

test('no two stories have one name', () => {
  const named = all.map(({ title }) => title);
  expect(named.filter((title, index) => named.indexOf(title) !== index)).toEqual([]);
});
