// Forms that were left with something written in them, offered again above the screen.
import { useStore } from 'zustand';
import { useDrafts } from '../components/draft.ts';
import { Banner } from '../components/Banner.tsx';
import { useGo } from './routes.ts';

export function Drafts() {
  const go = useGo();
  const drafts = useDrafts();
  const { kept, open } = useStore(drafts);
  return kept
    .filter(({ name, quiet }) => quiet !== true && !open.includes(name))
    .map(({ name, what, path, values }) => (
      <Banner
        key={name}
        quiet
        title={`You were writing ${what}.`}
        actions={[
          { label: 'Discard', run: () => drafts.drop(name) },
          { label: 'Continue', run: () => go(path) },
        ]}
      >
        {gistOf(values)} It is kept as you left it.
      </Banner>
    ));
}

const GIST = 60;

/** `“Check the port lamp…”`, of the first words that were written. */
function gistOf(values: Record<string, unknown>): string {
  const first = ['title', 'name', ...Object.keys(values)].map((field) => values[field]).find((value) => typeof value === 'string' && value.trim() !== '');
  if (typeof first !== 'string') return '';
  return `“${first.length > GIST ? `${first.slice(0, GIST).trim()}…` : first}”.`;
}
