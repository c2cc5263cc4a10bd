// The plan that is being imported. It lives above the screens, so that looking something up elsewhere loses nothing,
// and so that a document can be dropped anywhere on the window.
import { useMutation } from '@tanstack/react-query';
import { IconFileImport } from '@tabler/icons-react';
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import type { PickedDocument } from '../../shared/ipc.ts';
import type { PlanPreview } from '../../shared/plan.ts';
import { useApi } from '../app/api.ts';
import { useMay } from '../app/me.tsx';
import { useGo } from '../app/routes.ts';
import { useDrafts } from '../components/draft.ts';
import { carriesFile, measurePasted, readDropped } from './document.ts';
import { formOf, type PlanForm } from './planForm.ts';
import styles from './import.module.css';

export interface Draft {
  /** The document's text, as it is or was typed. */
  text: string;
  /** Its file's name; null: it was pasted. */
  fileName: string | null;
  preview: PlanPreview | null;
  form: PlanForm | null;
  reading: boolean;
  error: unknown;
}

export interface DraftActions {
  draft: Draft;
  write(text: string): void;
  change(form: Partial<PlanForm>): void;
  /** Reads the text that stands there. */
  read(): void;
  open(document: PickedDocument): void;
  refuse(error: unknown): void;
  /** Back to the text; what was changed in the form stays until it is read again. */
  back(): void;
  clear(): void;
}

/** What is typed or pasted is kept as other forms are, under this name. */
export const PLAN_DRAFT = 'plan import';

const empty: Draft = { text: '', fileName: null, preview: null, form: null, reading: false, error: null };
const DraftContext = createContext<DraftActions | null>(null);

export function useDraft(): DraftActions {
  const actions = useContext(DraftContext);
  if (!actions) throw new Error('useDraft needs a PlanImportProvider above it.');
  return actions;
}

/** Files of tasks, which are dropped on the same window. */
export interface TaskFiles {
  takes(file: File): boolean;
  open(file: File): void;
}

export function PlanImportProvider({ children, tasks }: { children: ReactNode; tasks?: TaskFiles }) {
  const api = useApi();
  const go = useGo();
  const drafts = useDrafts();
  const [draft, setDraft] = useState<Draft>(empty);
  const { mutateAsync } = useMutation(api.plans.import.mutationOptions());
  /** The answer to an older document is not shown. */
  const asked = useRef(0);

  const preview = useCallback(
    async (document: { name: string | null; text: string }): Promise<void> => {
      asked.current += 1;
      const number = asked.current;
      setDraft({ ...empty, text: document.text, fileName: document.name, reading: true });
      const settle = (change: Partial<Draft>): void => {
        if (asked.current === number) setDraft((before) => ({ ...before, reading: false, ...change }));
      };
      const refused = measurePasted(document.text);
      if (refused) return settle({ error: refused });
      try {
        const answer = await mutateAsync({ text: document.text });
        settle({ preview: answer, form: formOf(answer) });
      } catch (error) {
        settle({ error });
      }
    },
    [mutateAsync],
  );

  const actions = useMemo((): DraftActions => {
    const toImport = (): void => go({ place: 'plans', search: { import: '1' } });
    return {
      draft,
      write: (text) => setDraft((before) => ({ ...before, text, fileName: null, error: null })),
      change: (form) =>
        setDraft((before) => ({ ...before, form: before.form && { ...before.form, ...form } })),
      read: () => void preview({ name: draft.fileName, text: draft.text }),
      open(document) {
        toImport();
        void preview(document);
      },
      refuse(error) {
        toImport();
        setDraft((before) => ({ ...before, reading: false, error }));
      },
      back: () => setDraft((before) => ({ ...before, preview: null, form: null, error: null })),
      clear() {
        asked.current += 1;
        setDraft(empty);
        drafts.drop(PLAN_DRAFT);
      },
    };
  }, [draft, drafts, go, preview]);
  return (
    <DraftContext value={actions}>
      {children}
      <DropTarget actions={actions} tasks={tasks} />
    </DraftContext>
  );
}

/** Over the whole window while a file is dragged; a file that is dropped elsewhere must not replace the page. */
function DropTarget({ actions, tasks }: { actions: DraftActions; tasks: TaskFiles | undefined }) {
  const may = useMay('plans:create');
  const [over, setOver] = useState(false);
  const latest = useRef({ ...actions, tasks });
  useEffect(() => {
    latest.current = { ...actions, tasks };
  }, [actions, tasks]);
  useEffect(() => {
    let depth = 0;
    const onDragEnter = (event: DragEvent): void => {
      if (!carriesFile(event.dataTransfer)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const onDragOver = (event: DragEvent): void => {
      if (!carriesFile(event.dataTransfer)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = may.allowed ? 'copy' : 'none';
    };
    const onDragLeave = (event: DragEvent): void => {
      if (!carriesFile(event.dataTransfer)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      if (!may.allowed) return;
      if (latest.current.tasks?.takes(file)) return latest.current.tasks.open(file);
      readDropped(file).then(
        (document) => latest.current.open(document),
        (error: unknown) => latest.current.refuse(error),
      );
    };
    const listeners = {
      dragenter: onDragEnter,
      dragover: onDragOver,
      dragleave: onDragLeave,
      drop: onDrop,
    } as const;
    for (const [name, listener] of Object.entries(listeners))
      window.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners))
        window.removeEventListener(name, listener as EventListener);
    };
  }, [may.allowed]);
  if (!over) return null;
  return (
    <div className={styles.drop} aria-hidden>
      <div className={styles.dropCard}>
        <IconFileImport size={28} stroke={1.5} />
        <strong>{may.allowed ? 'Drop to import it' : 'You cannot import'}</strong>
        <span className="dim">
          {may.allowed ? 'A plan in Markdown, JSON or YAML, or tasks in CSV or NDJSON. Nothing is created yet.' : may.reason}
        </span>
      </div>
    </div>
  );
}
