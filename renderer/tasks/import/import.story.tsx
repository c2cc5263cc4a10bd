// Importing tasks, from the file to what was created.
import { AppError, toProblem } from '../../../shared/errors.ts';
import { meAs, NOW } from '../../stories/fixtures.ts';
import { defineStories, type StoryState } from '../../stories/story.ts';
import { ImportScreen } from './ImportScreen.tsx';
import { TaskImportProvider, type ImportState } from './ImportProvider.tsx';
import type { ReadFile } from './reader.ts';
import type { Run } from './run.ts';

const file = new File([''], 'berths-of-the-north-quay.csv');
const titles = ['Weigh the crates of berth 4', 'Count the pallets of the cold store', 'Read the seals of container MSKU-771', 'Photograph the damaged corner posts'];
const read: ReadFile = {
  name: file.name,
  bytes: 51_402_113,
  format: 'csv',
  columns: [
    { name: 'Task', first: titles[0] ?? '' },
    { name: 'Description', first: 'Use the small scale. Say which crates are damp, and since when.' },
    { name: 'Assigned to', first: 'test-engineer' },
    { name: 'Prio', first: '7' },
    { name: 'Queue', first: 'quay' },
    { name: 'Cost centre', first: '4711' },
  ],
  mapping: ['title', 'instructions', 'agentId', 'priority', 'queue', null],
  rows: 100_000,
  good: 99_412,
  bad: 588,
  refusals: [
    { line: 4, field: 'agentId', message: 'There is no agent “night-watch”. Create it first, or use the name of one that is there.' },
    { line: 17, field: 'priority', message: 'Write a whole number from 0 to 9.' },
    { line: 230, field: 'title', message: 'Shorten this to 200 characters.' },
    { line: 1_204, field: null, message: 'It has 9 values, and there are 6 columns. Quote a value that holds the separator.' },
  ],
  sample: titles.map((title, index) => ({
    line: index + 2,
    values: { title, instructions: 'Use the small scale. Say which crates are damp, and since when.', agentId: index === 2 ? 'night-watch' : 'test-engineer', priority: String(7 - index), queue: 'quay' },
    refused: index === 2 ? 'agentId: There is no agent “night-watch”. Create it first, or use the name of one that is there.' : null,
  })),
  parts: 100,
  warnings: [],
  fingerprint: 'a',
};
const run: Run = {
  state: 'running', key: 'k', parts: 100, next: 41, rows: 99_412, sent: 41_000, created: 40_998, problem: null, inDoubt: 0, startedAt: NOW - 22_000, endedAt: null,
  refused: [{ line: 3_004, field: 'agentId', message: 'old-weigher is retired. Give the task to another agent.' }, { line: 3_017, field: 'agentId', message: 'old-weigher is retired. Give the task to another agent.' }],
};

const shown = (initial: Partial<ImportState>, more: StoryState = {}): StoryState => ({
  frame: 'shell',
  path: '/tasks?import=1',
  render: () => (
    <TaskImportProvider initial={initial}>
      <ImportScreen />
    </TaskImportProvider>
  ),
  ...more,
});

export const stories = defineStories('tasks, imported', {
  'a file is chosen': { path: '/tasks?import=1' },
  viewer: { path: '/tasks?import=1', me: meAs('viewer') },
  reading: shown({ file, reading: true }, { handlers: { 'agents.list': () => new Promise(() => undefined) } }),
  'not a file of tasks': shown({ error: new AppError('payload_too_large', 'ledger.csv has 214.0 MB; a file of tasks is at most 100.0 MB.') }),
  preview: shown({ file, read }),
  'preview without refusals': shown({ file, read: { ...read, good: 100_000, bad: 0, refusals: [], sample: read.sample.filter(({ refused }) => refused === null) } }),
  'preview without a title': shown({ file, read: { ...read, mapping: [null, null, 'agentId', 'priority', 'queue', null], good: 0, bad: 100_000 } }),
  'preview in another encoding': shown({ file, read: { ...read, warnings: ['The file is not in UTF-8; it was read as Windows-1252. Look whether accents are right.'] } }),
  'begun before': shown({ file, read, unfinished: { fingerprint: 'a', key: 'k', next: 41, sent: 41_000, created: 40_998, startedAt: NOW - 3_600_000 } }),
  running: shown({ file, read, run }),
  stopping: shown({ file, read, run: { ...run, state: 'stopping' } }),
  stopped: shown({ file, read, run: { ...run, state: 'stopped', endedAt: NOW - 2_000 } }),
  failed: shown({
    file,
    read,
    run: { ...run, state: 'failed', endedAt: NOW - 2_000, inDoubt: 1_000, problem: toProblem(new AppError('unavailable', 'The backend cannot be reached: the connection was cut.')) },
  }),
  done: shown({ file, read, run: { ...run, state: 'done', next: 100, sent: 99_412, created: 99_410, endedAt: NOW - 1_000 } }),
});
