// Draws one story: `?story=components/state/all&theme=dark`. Without one, the list of them all.
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import '../app/theme.css';
import { useStore } from 'zustand';
import { createRoot } from 'react-dom/client';
import { Shell } from '../app/Shell.tsx';
import { useRouteStore } from '../app/routes.ts';
import { CurrentScreen } from '../app/screens.tsx';
import type { Stories, StoryState } from './story.ts';
import { StoryFrame } from './StoryFrame.tsx';

const modules = import.meta.glob<{ stories: Stories }>('../**/*.story.tsx', { eager: true });
const all = Object.values(modules)
  .map((module) => module.stories)
  .sort((a, b) => a.title.localeCompare(b.title));

const query = new URLSearchParams(location.search);
const colors = query.get('theme') === 'light' ? 'light' : 'dark';
const asked = query.get('story');

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

function Index() {
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

const story = asked === null ? undefined : find(asked);
const container = document.getElementById('root');
if (!container) throw new Error('The page has no #root element.');
createRoot(container).render(
  <StoryFrame story={story ?? {}} colors={colors}>
    {story ? <Drawn story={story} /> : <Index />}
  </StoryFrame>,
);
