// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { useForm } from '@mantine/form';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import '../testing/dom.ts';
import { createDraftStore, DraftProvider, flushWhenLeft, useDraft, type DraftStore } from './draft.ts';
import { FormDialog, NotNow } from './FormDialog.tsx';

const sources = import.meta.glob<string>('../**/*.tsx', { eager: true, query: '?raw', import: 'default' });

function Form() {
  const form = useForm({ initialValues: { title: '', key: '', priority: 5 } });
  const sent = useDraft({ name: 'task new', what: 'a new task', secret: ['key'] }, form);
  return (
    <form onSubmit={form.onSubmit(sent)}>
      <input aria-label="Title" {...form.getInputProps('title')} />
      <input aria-label="Key" {...form.getInputProps('key')} />
      <button type="submit">Create</button>
      <NotNow />
    </form>
  );
}
function open(drafts: DraftStore): void {
  render(
    <MantineProvider>
      <DraftProvider value={drafts}>
        <FormDialog opened title="New task" size={400} onClose={() => undefined}><Form /></FormDialog>
      </DraftProvider>
    </MantineProvider>,
  );
}
/** What main keeps of it, by the form's name, and tells the next page. */
function main() {
  const kept = new Map<string, string>();
  const store = (): DraftStore => {
    const drafts = createDraftStore(() => '/tasks?new=1', (name, text) => (text === null ? kept.delete(name) : kept.set(name, text)));
    drafts.offer([...kept.values()]);
    return drafts;
  };
  return { kept, store };
}
const store = (): DraftStore => main().store();
const field = (label: string): HTMLInputElement => screen.getByLabelText<HTMLInputElement>(label);
const write = (value: string, label = 'Title'): void => void fireEvent.change(field(label), { target: { value } });

afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

test('a form that is left is kept with what was written in it, and put back where it opens again', () => {
  const drafts = store();
  open(drafts);
  expect(drafts.getState()).toEqual({ kept: [], open: ['task new'] });
  write('Sweep the quay');
  cleanup();
  const kept = { name: 'task new', what: 'a new task', path: '/tasks?new=1', values: { title: 'Sweep the quay' } };
  expect(drafts.getState()).toEqual({ kept: [kept], open: [] });
  open(drafts);
  expect(field('Title').value).toBe('Sweep the quay');
});

test('it outlives the page by main alone: nothing of it is in the storage of the page', () => {
  const { store: next } = main();
  open(next());
  write('Sweep the quay');
  cleanup();
  expect(sessionStorage).toHaveLength(0);
  expect(localStorage).toHaveLength(0);
  open(store());
  expect(field('Title').value).toBe('');
  cleanup();
  open(next());
  expect(field('Title').value).toBe('Sweep the quay');
});

test('what main tells of a form that stands already is put back, unless something was written in it since', () => {
  const text = JSON.stringify({ name: 'task new', what: 'a new task', path: '/tasks?new=1', values: { title: 'Sweep the quay' } });
  const drafts = store();
  open(drafts);
  act(() => drafts.offer([text]));
  expect(field('Title').value).toBe('Sweep the quay');
  cleanup();
  const other = store();
  open(other);
  write('Mine');
  act(() => other.offer([text]));
  expect(field('Title').value).toBe('Mine');
});

test('a form that was closed or sent keeps nothing, and neither does one that is as it began', () => {
  const { kept, store: next } = main();
  const drafts = next();
  for (const end of ['Not now', 'Close', 'Create']) {
    open(drafts);
    write('Sweep the quay');
    expect(drafts.getState().kept).toHaveLength(1);
    fireEvent.click(screen.getByRole('button', { name: end }));
    cleanup();
    expect(drafts.getState().kept, end).toEqual([]);
  }
  open(drafts);
  write('Sweep');
  write('');
  cleanup();
  expect(drafts.getState().kept).toEqual([]);
  expect([...kept]).toEqual([]);
});

test('Escape closes it as the button does', () => {
  const drafts = store();
  open(drafts);
  write('Sweep the quay');
  fireEvent.keyDown(field('Title'), { key: 'Escape' });
  cleanup();
  expect(drafts.getState().kept).toEqual([]);
});

test('a secret is never kept', () => {
  const { kept, store: next } = main();
  open(next());
  write('sk-123', 'Key');
  write('Main');
  cleanup();
  expect(JSON.stringify([...kept])).toContain('Main');
  expect(JSON.stringify([...kept])).not.toContain('sk-123');
  open(next());
  expect([field('Title').value, field('Key').value]).toEqual(['Main', '']);
});

test('what is kept and cannot be read, or has other fields, is left alone', () => {
  const whole = { name: 'task new', what: 'a new task', path: '/tasks?new=1', values: { price: 1 } };
  for (const kept of ['{', 'null', '[1]', '{"values":{"title":"a"}}', JSON.stringify(whole)]) {
    const drafts = store();
    drafts.offer([kept]);
    open(drafts);
    expect(field('Title').value).toBe('');
    cleanup();
  }
});

/** Of these there is nothing to keep: passwords, a passphrase, or one line in the page that is saved where it stands. */
const without = ['RegisterForm', 'SignInForm', 'BackUpDialog', 'WorkspaceSection', 'connections/ConnectDialog', 'ProviderField'];

test('what main kept of a closed window is offered, but not over what the page has; main hears of every change', () => {
  const told: [string, string | null][] = [];
  const drafts = createDraftStore(() => '/tasks?new=1', (name, text) => told.push([name, text]));
  const draft = (name: string, title: string) => ({ name, what: 'a task', path: '/tasks?new=1', values: { title } });
  drafts.keep(draft('task new', 'mine'));
  drafts.offer(['{', JSON.stringify(draft('task new', 'older')), JSON.stringify(draft('agent new', 'Sweeper'))]);
  expect(drafts.getState().kept.map(({ name, values }) => [name, values.title])).toEqual([['task new', 'mine'], ['agent new', 'Sweeper']]);
  drafts.drop('agent new');
  expect(told.map(([name, text]) => [name, text === null])).toEqual([['task new', false], ['agent new', true]]);
});

/** As much as is not told with every change. */
const long = (title: string): string => title + ' '.repeat(20_000);

/** A form on the screen, and the titles that main was told, in order; null: dropped. */
function told() {
  vi.useFakeTimers();
  const titles: (string | null)[] = [];
  const drafts = createDraftStore(() => '/tasks?new=1', (_name, text) => {
    titles.push(text === null ? null : (JSON.parse(text) as { values: { title: string } }).values.title.trimEnd());
  });
  open(drafts);
  return { drafts, titles };
}

test('main hears of every change of what is short', () => {
  const { titles } = told();
  for (const title of ['S', 'Sw', 'Swe']) write(title);
  expect(titles).toEqual(['S', 'Sw', 'Swe']);
});

test('main hears of a long form at once, and of what is typed on when there is a pause', () => {
  const { titles } = told();
  for (const title of ['S', 'Sw', 'Swe']) write(long(title));
  expect(titles).toEqual(['S']);
  vi.advanceTimersByTime(299);
  expect(titles).toEqual(['S']);
  write(long('Swee'));
  vi.advanceTimersByTime(299);
  expect(titles).toEqual(['S']);
  vi.advanceTimersByTime(1);
  expect(titles).toEqual(['S', 'Swee']);
  vi.advanceTimersByTime(10_000);
  expect(titles).toEqual(['S', 'Swee']);
  // After a pause it is told at once again; and who makes none is heard once a second.
  write(long('Sweep'));
  expect(titles).toEqual(['S', 'Swee', 'Sweep']);
  for (let letter = 1; letter <= 6; letter += 1) {
    write(long(`Sweep ${letter}`));
    vi.advanceTimersByTime(200);
  }
  expect(titles.slice(3)).toEqual(['Sweep 5']);
});

test('nothing waits for the pause when a field, the form or the window is left', () => {
  const { drafts, titles } = told();
  const stop = flushWhenLeft(drafts);
  write(long('S'));
  const ways = [() => fireEvent.focusOut(field('Title')), () => fireEvent.blur(window), () => window.dispatchEvent(new Event('pagehide')), cleanup];
  ways.forEach((leave, index) => {
    write(long(`Sweep ${index}`));
    expect(titles.at(-1)).not.toBe(`Sweep ${index}`);
    leave();
    expect(titles.at(-1)).toBe(`Sweep ${index}`);
  });
  expect(titles).toHaveLength(5);
  stop();
});

test('what was closed while it waited is dropped, and does not come after', () => {
  const { titles } = told();
  for (const title of ['S', 'Sw']) write(long(title));
  fireEvent.click(screen.getByRole('button', { name: 'Not now' }));
  vi.advanceTimersByTime(1_000);
  expect(titles).toEqual(['S', null]);
});

test('a form with a field for a secret names it, so that it is never kept', () => {
  const secretive = Object.entries(sources).filter(([, source]) => /use(Draft\(\{|DialogForm)/.test(source) && source.includes('PasswordInput'));
  expect(secretive.length).toBeGreaterThan(0);
  for (const [path, source] of secretive) expect(source, path).toContain('secret: [');
});

test('every form keeps what is written in it', () => {
  const forms = Object.entries(sources).filter(([path, source]) => source.includes('useForm') && !path.endsWith('.test.tsx'));
  const careless = forms.filter(([, source]) => / = useForm[<(]/.test(source) && !source.includes('useDraft(')).map(([path]) => path);
  expect(careless.filter((path) => !without.some((name) => path.endsWith(`${name}.tsx`)))).toEqual([]);
});
