// Every key of the console on one sheet, from the table that also makes the menus and the omnibox.
import { Modal, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { actionGroups, actionIds, actions } from '../../shared/actions.ts';
import { keyWords } from '../components/keys.ts';
import { Kbd } from '../components/values.tsx';
import { fit } from './palette.ts';
import styles from './KeyboardSheet.module.css';

export function KeyboardSheet({ opened, onClose }: { opened: boolean; onClose(): void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" size={760} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Sheet />
    </Modal>
  );
}

function Sheet() {
  const [query, setQuery] = useState('');
  const groups = actionGroups
    .map((group) => ({ group, ids: actionIds.filter((id) => actions[id].group === group && fits(query, id)) }))
    .filter(({ ids }) => ids.length > 0);
  return (
    <>
      <TextInput
        className={styles.search}
        aria-label="Search the keys"
        placeholder="Search by what it does, or by its key"
        leftSection={<IconSearch size={14} />}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        data-autofocus
      />
      {groups.length === 0 && <p className="dim" role="status">No key does that. The omnibox may: Ctrl K.</p>}
      <div className={styles.groups}>
        {groups.map(({ group, ids }) => (
          <section key={group} className={styles.group} aria-label={group}>
            <h3>{group}</h3>
            <dl className={styles.keys}>
              {ids.map((id) => (
                <div key={id}>
                  <dt>{actions[id].label.replace(/…$/, '')}</dt>
                  <dd>{actions[id].keys?.map((key) => <Kbd key={key}>{keyWords(key)}</Kbd>)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </>
  );
}

/** By what it does, or by its key: "ctrl k". */
function fits(query: string, id: (typeof actionIds)[number]): boolean {
  const { keys, label, words = '', group } = actions[id];
  if (keys === undefined) return false;
  const caps = keys.map((key) => keyWords(key)).join(' ');
  return fit(query, { id, label, words: `${words} ${group}` }) > 0 || caps.toLowerCase().includes(query.trim().toLowerCase());
}
