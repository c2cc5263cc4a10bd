// Draws one story: `?story=components/state/all&theme=dark`. Without one, the list of them all.
// The test that looks at all of them asks for the list, and for another story or theme, by `window.stories`.
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import '../app/theme.css';
import { notifications } from '@mantine/notifications';
import { useStore } from 'zustand';
import { createRoot, type Root } from 'react-dom/client';
import { omnibox } from '../app/palette.ts';
import { Shell } from '../app/Shell.tsx';
import { useRouteStore } from '../app/routes.ts';
import { CurrentScreen } from '../app/screens.tsx';
import type { Stories, StoryState } from './story.ts';
import { StoryFrame } from './StoryFrame.tsx';

const modules = import.meta.glob<{ stories: Stories }>('../**/*.story.tsx', { eager: true });
const all = Object.values(modules)
  .map((module) => module.stories)
  .sort((a, b) => a.title.localeCompare(b.title));

type Colors = 'dark' | 'light';

/** What the page offers to the test of the stories. */
export interface StoriesPage {
  list: { story: string; path: string | null }[];
  /** Takes away what is drawn, and what it left outside of its tree. */
  clear(): void;
  /** Draws anew, as after a reload, but without one. */
  draw(story: string | null, colors: Colors): void;
}
declare global {
  var stories: StoriesPage;
}

function ScreenAtPath() {
  const place = useStore(useRouteStore(), (state) => state.route.place);
  return <CurrentScreen key={place} place={place} />;
}

function Drawn({ story }: { story: StoryState }) {
  const content = story.render?.() ?? <ScreenAtPath />;
  switch (story.frame ?? (story.render ? 'sheet' : 'shell')) {
    case 'shell':
      return <Shell>{content}</Shell>;
    case 'page':
      return content;
    case 'sheet':
      return <main style={{ padding: 20, height: '100vh', overflow: 'auto' }}>{content}</main>;
  }
}

function Index({ colors }: { colors: Colors }) {
  return (
    <main style={{ padding: 20, height: '100vh', overflow: 'auto' }} data-stories>
      <h1>Stories</h1>
      {all.map(({ title, states }) => (
        <section key={title}>
          <h2 style={{ margin: '12px 0 4px' }}>{title}</h2>
          {Object.keys(states).map((state) => (
            <a key={state} href={`?story=${title}/${state}&theme=${colors}`} style={{ marginRight: 12 }}>
              {state}
            </a>
          ))}
        </section>
      ))}
    </main>
  );
}

function find(path: string): StoryState | undefined {
  const slash = path.lastIndexOf('/');
  return all.find(({ title }) => title === path.slice(0, slash))?.states[path.slice(slash + 1)];
}

const container = document.getElementById('root');
if (!container) throw new Error('The page has no #root element.');
let drawn: Root | undefined;

function clear(): void {
  drawn?.unmount();
  drawn = undefined;
  notifications.clean();
  omnibox.close();
}

function draw(asked: string | null, colors: Colors): void {
  const story = asked === null ? undefined : find(asked);
  if (asked !== null && !story) throw new Error(`There is no story “${asked}”.`);
  clear();
  drawn = createRoot(container as HTMLElement);
  drawn.render(
    <StoryFrame story={story ?? {}} colors={colors}>
      {story ? <Drawn story={story} /> : <Index colors={colors} />}
    </StoryFrame>,
  );
}

globalThis.stories = {
  list: all.flatMap(({ title, states }) =>
    Object.entries(states).map(([state, { path = null }]) => ({ story: `${title}/${state}`, path })),
  ),
  clear,
  draw,
};
const query = new URLSearchParams(location.search);
draw(query.get('story'), query.get('theme') === 'light' ? 'light' : 'dark');
