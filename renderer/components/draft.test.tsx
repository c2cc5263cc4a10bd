// @vitest-environment jsdom
import { useForm } from '@mantine/form';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { useDraft } from './draft.ts';

function Form({ name }: { name: string }) {
  const form = useForm({ initialValues: { title: '' } });
  useDraft(name, form);
  return <input aria-label="Title" {...form.getInputProps('title')} />;
}
const title = (): string => screen.getByLabelText<HTMLInputElement>('Title').value;
const write = (value: string): void => void fireEvent.change(screen.getByLabelText('Title'), { target: { value } });

afterEach(() => {
  cleanup();
  sessionStorage.clear();
});

test('what was written when the page went down is there again, in its own workspace alone', () => {
  render(<Form name="task a" />);
  write('Sweep the quay');
  // A page that crashes takes nothing down in order.
  const kept = sessionStorage.getItem('draft task a');
  cleanup();
  sessionStorage.setItem('draft task a', kept!);
  render(<Form name="task b" />);
  expect(title()).toBe('');
  cleanup();
  render(<Form name="task a" />);
  expect(title()).toBe('Sweep the quay');
});

test('a form that is closed keeps nothing, and one that was not touched neither', () => {
  render(<Form name="task a" />);
  expect(sessionStorage).toHaveLength(0);
  write('Sweep the quay');
  cleanup();
  render(<Form name="task a" />);
  expect(title()).toBe('');
});

test('what is kept and cannot be read, or has other fields, is left alone', () => {
  for (const kept of ['{', 'null', '[1]', '{"price":1}']) {
    sessionStorage.setItem('draft task a', kept);
    render(<Form name="task a" />);
    expect(title()).toBe('');
    cleanup();
  }
});
