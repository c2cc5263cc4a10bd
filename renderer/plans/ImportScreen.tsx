// Import, first half: where the document comes from. The second half is the preview.
import { Button, Textarea } from '@mantine/core';
import { IconArrowLeft, IconFileText, IconFolderOpen } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useGo } from '../app/routes.ts';
import { MayButton } from '../app/me.tsx';
import { useBridge } from '../components/bridge.tsx';
import { useDraft as useKeptForm, useDrafts } from '../components/draft.ts';
import { PageHeader, Panel, Screen } from '../components/layout.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { problemOf } from '../components/problem.ts';
import { PLAN_DRAFT, useDraft } from './draft.tsx';
import { examplePlans } from './examples.ts';
import { PreviewScreen } from './PreviewScreen.tsx';
import styles from './import.module.css';

export function ImportScreen() {
  const { draft } = useDraft();
  useKeptText();
  return draft.preview && draft.form ? <PreviewScreen /> : <SourceScreen />;
}

/** What is typed or pasted outlives the window and is offered again, as what is written in other forms; a file lies on the disk. */
function useKeptText(): void {
  const drafts = useDrafts();
  const { draft, write } = useDraft();
  const text = draft.fileName === null ? draft.text : '';
  const discarded = useRef(text !== '' && drafts.find(PLAN_DRAFT) === undefined);
  useEffect(() => {
    if (discarded.current) write('');
    // When the screen opens: it was discarded elsewhere. What is cleared later is no longer there to write over.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const putBack = ({ text: kept }: { text?: string }): void => {
    // A document that was opened meanwhile stands.
    if (draft.text === '' && kept !== undefined) write(kept);
  };
  useKeptForm({ name: PLAN_DRAFT, what: 'a plan to import' }, { values: { text }, setValues: putBack, isDirty: () => text !== '' });
}

function SourceScreen() {
  const go = useGo();
  const id = useId();
  const { draft, write, read } = useDraft();
  const ready = draft.text.trim() !== '';
  return (
    <Screen>
      <PageHeader
        title="Import a plan"
        actions={
          <Button leftSection={<IconArrowLeft size={14} />} onClick={() => go({ place: 'plans' })}>
            Plans
          </Button>
        }
      />
      {draft.error !== null && (
        <ProblemNotice
          error={draft.error}
          kept={ready ? 'The document is still here.' : 'Nothing was changed.'}
          advice={adviceOf(draft.error)}
        />
      )}
      <div className={styles.source}>
        <Panel label="A document" fill>
          <DropField />
          <div className={styles.paste}>
            <label htmlFor={id}>
              {draft.fileName === null ? 'Or paste its text' : `Text of ${draft.fileName}`}
            </label>
            <Textarea
              id={id}
              className={styles.pasteField}
              classNames={{ input: styles.pasteInput, wrapper: styles.pasteWrapper }}
              placeholder={
                '# Release readiness\n\n#### 1. change-reader\n- **MICRO-TASK**: List what has changed …'
              }
              spellCheck={false}
              value={draft.text}
              onChange={(event) => write(event.currentTarget.value)}
            />
          </div>
          <div className={styles.sourceActions}>
            <span className="faint small">Reading creates nothing: you see first what it would create.</span>
            <MayButton
              permission="plans:create"
              variant="filled"
              reason={ready ? null : 'Choose a file, an example, or paste a text first.'}
              loading={draft.reading}
              onClick={read}
            >
              Preview
            </MayButton>
          </div>
        </Panel>
        {examplePlans.length > 0 && (
          <Panel title="Try an example" label="Examples">
            <Examples />
          </Panel>
        )}
      </div>
    </Screen>
  );
}

function adviceOf(error: unknown): string | undefined {
  switch (problemOf(error).code) {
    case 'payload_too_large':
      return 'Split it into several plans.';
    case 'validation_failed':
      return 'Mend the text below, then preview it again.';
    default:
      return undefined;
  }
}

/** Choosing a file; dropping one works anywhere on the window. */
function DropField() {
  const bridge = useBridge();
  const { open, refuse } = useDraft();
  const [picking, setPicking] = useState(false);
  const pick = async (): Promise<void> => {
    setPicking(true);
    try {
      const answer = await bridge.request('plan:pick');
      if (!answer.ok) refuse(answer.problem);
      else if (answer.data) open(answer.data);
    } catch (error) {
      refuse(error);
    } finally {
      setPicking(false);
    }
  };
  return (
    <div className={styles.dropField}>
      <IconFileText size={22} stroke={1.5} aria-hidden />
      <div className="grow">
        <div className={styles.dropTitle}>Drop a document anywhere on this window</div>
        <div className="dim">Markdown, JSON or YAML, at most 5 MB.</div>
      </div>
      <MayButton
        permission="plans:create"
        leftSection={<IconFolderOpen size={14} />}
        loading={picking}
        onClick={() => void pick()}
      >
        Choose a file
      </MayButton>
    </div>
  );
}

export function Examples() {
  const { open } = useDraft();
  return (
    <ul className={styles.examples}>
      {examplePlans.map((example) => (
        <li key={example.file}>
          <div className="grow">
            <div className={styles.exampleName}>{example.name}</div>
            <div className="dim small">{example.about}</div>
          </div>
          <MayButton
            permission="plans:create"
            onClick={() => open({ name: example.file, text: example.text })}
          >
            Try it
          </MayButton>
        </li>
      ))}
    </ul>
  );
}
