// The import of tasks that is under way. It lives above the screens, so that looking at something else stops nothing.
import { useMutation } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { AppError } from '../../../shared/errors.ts';
import { useAllAgents } from '../../app/all.ts';
import { useApi } from '../../app/api.ts';
import { useMe } from '../../app/me.tsx';
import { useGo, useRouteStore } from '../../app/routes.ts';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { notifyDone, notifyProblem } from '../../components/notify.ts';
import { useReadNow } from '../../components/now.tsx';
import type { KnownAgent } from './convert.ts';
import type { Mapping } from './fields.ts';
import { IMPORT_FILE_LIMIT, type ReadFile, type Reader } from './reader.ts';
import { keepUnfinished, readUnfinished, runImport, type Run, type Unfinished } from './run.ts';
import { createReader } from './workerReader.ts';

export interface ImportState {
  /** What is being read or was read. */
  file: File | null;
  read: ReadFile | null;
  reading: boolean;
  error: unknown;
  /** An import of the same file that has not ended. */
  unfinished: Unfinished | null;
  run: Run | null;
}

export interface TaskImport extends ImportState {
  open(file: File): void;
  refuse(error: unknown): void;
  map(mapping: Mapping): void;
  /** Creates the tasks; goes on with what was not ended. */
  start(unfinished: Unfinished | null): void;
  stop(): void;
  goOn(): void;
  /** All that was refused, as a CSV. */
  refused(): Promise<string>;
  clear(): void;
}

const empty: ImportState = { file: null, read: null, reading: false, error: null, unfinished: null, run: null };
const Context = createContext<TaskImport | null>(null);

export function useTaskImport(): TaskImport {
  const value = useContext(Context);
  if (!value) throw new Error('useTaskImport needs a TaskImportProvider above it.');
  return value;
}

/** What a file of tasks is called; anything else that is dropped on the window is a plan. */
export const isTaskFile = (name: string): boolean => /\.(csv|tsv|ndjson|jsonl)$/i.test(name);

interface ProviderProps {
  children: ReactNode;
  /** A story begins in the midst of it. */
  initial?: Partial<ImportState>;
}
export function TaskImportProvider({ children, initial }: ProviderProps) {
  const api = useApi();
  const go = useGo();
  const routes = useRouteStore();
  const workspace = useMe().organization.id;
  const now = useReadNow();
  const [state, setState] = useState<ImportState>({ ...empty, ...initial });
  const agents = useAllAgents(state.file !== null);
  const { mutateAsync: send } = useMutation(api.tasks.createMany.mutationOptions());
  const reader = useRef<Reader | null>(null);
  const stopped = useRef(false);
  /** The answer about an older file is not shown. */
  const asked = useRef(0);
  const change = (part: Partial<ImportState>): void => setState((before) => ({ ...before, ...part }));

  const read = async (file: File, mapping: Mapping | null, known: readonly KnownAgent[]): Promise<void> => {
    asked.current += 1;
    const number = asked.current;
    reader.current ??= createReader();
    try {
      const answer = await reader.current.read({ file, mapping, agents: known.map(({ id, name, status }) => ({ id, name, status })) });
      if (asked.current !== number) return;
      change({ read: answer, reading: false, error: null, unfinished: readUnfinished(workspace, answer.fingerprint, now()) });
    } catch (error) {
      if (asked.current === number) change({ reading: false, error });
    }
  };
  // Names of agents are needed to read it: a file that is chosen waits for them.
  const waits = state.file !== null && state.reading && agents.complete;
  const readAsked = useRef<Mapping | null>(null);
  useEffect(() => {
    if (waits && state.file) void read(state.file, readAsked.current, agents.rows ?? []);
    // Once for each file and each mapping that is asked for.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [waits, state.file, state.read?.mapping]);
  useEffect(() => () => reader.current?.close(), []);

  const execute = async (from: Run, fingerprint: string): Promise<void> => {
    stopped.current = false;
    const own = reader.current;
    if (!own) return;
    const ended = await runImport(from, {
      part: own.part,
      send,
      stopped: () => stopped.current,
      show: (run) => {
        keepUnfinished(workspace, fingerprint, run);
        setState((before) => ({ ...before, run: stopped.current && run.state === 'running' ? { ...run, state: 'stopping' } : run }));
      },
      now,
      wait: (milliseconds) => new Promise((resolve) => void setTimeout(resolve, milliseconds)),
    });
    const { route } = routes.getState();
    if (route.place === 'tasks' && route.search.import === '1') return;
    const back = { label: 'Show it', run: () => go({ place: 'tasks', search: { import: '1' } }) };
    if (ended.problem) notifyProblem(ended.problem);
    else notifyDone(`The import is ${ended.state}: ${formatPlural(ended.created, 'task')} created.`, back);
  };

  const value: TaskImport = {
    ...state,
    open(file) {
      go({ place: 'tasks', search: { import: '1' } });
      if (state.run?.state === 'running' || state.run?.state === 'stopping') return change({ error: busy() });
      if (file.size > IMPORT_FILE_LIMIT) return change({ error: tooLarge(file) });
      if (file.size === 0) return change({ error: new AppError('malformed_request', `${file.name} is empty.`, { details: { reason: 'empty' } }) });
      readAsked.current = null;
      setState({ ...empty, file, reading: true });
    },
    refuse: (error) => change({ error }),
    map(mapping) {
      if (!state.file || !state.read) return;
      readAsked.current = mapping;
      change({ read: { ...state.read, mapping }, reading: true });
    },
    start(unfinished) {
      const { read: file } = state;
      if (!file) return;
      const fresh = { key: crypto.randomUUID(), next: 0, sent: 0, created: 0, startedAt: now() };
      const { key, next, sent, created, startedAt } = unfinished ?? fresh;
      const run: Run = {
        state: 'running', key, next, sent, created, startedAt, parts: file.parts, rows: file.good, refused: [], problem: null, inDoubt: 0, endedAt: null,
      };
      void execute(run, file.fingerprint);
    },
    stop() {
      stopped.current = true;
      setState((before) => ({ ...before, run: before.run && { ...before.run, state: 'stopping' } }));
    },
    goOn() {
      if (state.run && state.read) void execute(state.run, state.read.fingerprint);
    },
    refused: async () => (await reader.current?.refused(state.run?.refused ?? [])) ?? '',
    clear() {
      asked.current += 1;
      reader.current?.close();
      reader.current = null;
      setState(empty);
    },
  };
  // What it offers is made anew with each change of it, which is when those who read it must draw.
  // oxlint-disable-next-line react/jsx-no-constructed-context-values
  return <Context value={value}>{children}</Context>;
}

function busy(): AppError {
  return new AppError('conflict', 'Another import runs. Stop it, or wait until it has ended.');
}

function tooLarge(file: File): AppError {
  const message = `${file.name} has ${formatBytes(file.size)}; a file of tasks is at most ${formatBytes(IMPORT_FILE_LIMIT)}.`;
  return new AppError('payload_too_large', message, { details: { limit: IMPORT_FILE_LIMIT } });
}
