// Filters with a name, listed above a list: one click away, on this computer, for this workspace.
import { Button, TextInput, UnstyledButton } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Place } from '../../shared/places.ts';
import { savedView, type SavedView } from '../../shared/preferences.ts';
import { useAction } from '../components/actions.tsx';
import { useKept } from '../components/draft.ts';
import { FormDialog, NotNow } from '../components/FormDialog.tsx';
import { useUndo } from '../components/undo.tsx';
import layout from '../components/dialog.module.css';
import { useMe } from './me.tsx';
import { queryOf } from './places.ts';
import { useGo, useRoute } from './routes.ts';
import { useStatus } from './status.tsx';
import styles from './SavedViews.module.css';

export function SavedViews({ place }: { place: Place }) {
  const go = useGo();
  const undo = useUndo();
  const route = useRoute();
  const owner = useMe().organization.id;
  const { preferences, prefer } = useStatus();
  const [naming, setNaming] = useState(false);
  const all = preferences?.views ?? [];
  const own = all.filter((view) => view.owner === owner && view.place === place);
  const query = queryOf(route);
  const current = own.find((view) => view.search === query);
  const canSave = query !== '' && query.length <= 600 && current === undefined;
  useAction('view.save', canSave ? () => setNaming(true) : null);
  const isOwn = (view: SavedView, name: string): boolean => view.owner === owner && view.place === place && view.name === name;
  const save = (name: string): void => {
    prefer({ views: [...all.filter((view) => !isOwn(view, name)), { owner, place, name, search: query }] });
    setNaming(false);
  };
  const remove = (view: SavedView): void => {
    prefer({ views: all.filter((other) => !isOwn(other, view.name)) });
    undo.offer({
      done: `The view “${view.name}” is removed.`,
      undone: `The view “${view.name}” is there again.`,
      undo: () => Promise.resolve(prefer({ views: all })),
    });
  };
  if (own.length === 0 && !canSave) return null;
  return (
    <>
      {own.length > 0 && (
        <ul className={styles.views} aria-label="Saved views">
          {own.map((view) => (
            <li key={view.name} className={styles.view} data-current={view === current || undefined}>
              <UnstyledButton
                className={styles.open}
                aria-pressed={view === current}
                title={view.name}
                onClick={() => go(`/${place}?${view.search}`)}
              >
                <span className="ellipsis">{view.name}</span>
              </UnstyledButton>
              <UnstyledButton className={styles.remove} aria-label={`Remove the view ${view.name}`} onClick={() => remove(view)}>
                <IconX size={11} aria-hidden />
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      {canSave && (
        <UnstyledButton className={styles.save} onClick={() => setNaming(true)}>
          Save view
        </UnstyledButton>
      )}
      <FormDialog opened={naming} onClose={() => setNaming(false)} title="Save this view" size={380}>
        <NameForm place={place} taken={own.map(({ name }) => name)} onSave={save} />
      </FormDialog>
    </>
  );
}

interface NameFormProps {
  place: Place;
  taken: readonly string[];
  onSave(name: string): void;
}
function NameForm({ place, taken, onSave }: NameFormProps) {
  const [{ name }, write, end] = useKept(`view ${place}`, { name: '' });
  const [wrong, setWrong] = useState<string | null>(null);
  return (
    <form
      className={layout.body}
      onSubmit={(event) => {
        event.preventDefault();
        const read = savedView.shape.name.safeParse(name);
        if (!read.success) return setWrong(read.error.issues[0]?.message ?? null);
        end();
        onSave(read.data);
      }}
    >
      <TextInput
        label="Name"
        description={taken.includes(name.trim()) ? 'It takes the place of the one with this name.' : 'The filter is kept under it, on this computer.'}
        data-autofocus
        maxLength={40}
        value={name}
        error={wrong}
        onChange={(event) => {
          write({ name: event.currentTarget.value });
          setWrong(null);
        }}
      />
      <div className={layout.actions}>
        <NotNow />
        <Button type="submit" variant="filled">Save view</Button>
      </div>
    </form>
  );
}
