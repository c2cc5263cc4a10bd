// Where the tasks come from: a file that is chosen or dropped, or a text that is pasted.
import { Button, Textarea } from '@mantine/core';
import { IconFileSpreadsheet, IconFolderOpen } from '@tabler/icons-react';
import { useId, useRef, useState } from 'react';
import { MayButton } from '../../app/me.tsx';
import { Panel } from '../../components/layout.tsx';
import { useTaskImport } from './ImportProvider.tsx';
import styles from './import.module.css';

const example = 'title,agent,priority,queue\nWeigh the crates of berth 4,crate-weigher,7,quay\nCount the pallets,,5,quay';

export function SourcePart() {
  const { open, reading } = useTaskImport();
  const picker = useRef<HTMLInputElement>(null);
  const id = useId();
  const [text, setText] = useState('');
  if (reading) return <div className={styles.reading} role="status">Reading the file…</div>;
  const ready = text.trim() !== '';
  return (
    <Panel label="A file of tasks" fill>
      <div className={styles.dropField}>
        <IconFileSpreadsheet size={22} stroke={1.5} aria-hidden />
        <div className="grow">
          <div className={styles.dropTitle}>Drop a file anywhere on this window</div>
          <div className="dim">CSV with a line of column names, or NDJSON with one task a line; at most 100 MB.</div>
        </div>
        <input
          ref={picker}
          type="file"
          accept=".csv,.tsv,.ndjson,.jsonl,.json,.txt"
          hidden
          aria-label="File of tasks"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file) open(file);
          }}
        />
        <MayButton permission="tasks:create" variant="filled" leftSection={<IconFolderOpen size={14} />} onClick={() => picker.current?.click()}>
          Choose a file
        </MayButton>
      </div>
      <div className={styles.paste}>
        <label htmlFor={id}>Or paste its text</label>
        <Textarea
          id={id}
          className={styles.pasteField}
          classNames={{ input: styles.pasteInput, wrapper: styles.pasteWrapper }}
          placeholder={example}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <div className={styles.actions}>
        <span className="faint small">Reading creates nothing: you see first what it would create.</span>
        <span className="grow" />
        {!ready && <Button onClick={() => setText(example)}>Write an example</Button>}
        <MayButton
          permission="tasks:create"
          reason={ready ? null : 'Choose a file, or paste a text first.'}
          onClick={() => open(new File([text], 'Pasted text'))}
        >
          Preview
        </MayButton>
      </div>
    </Panel>
  );
}
