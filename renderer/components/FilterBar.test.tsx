// @vitest-environment jsdom
// The filter bar by keyboard.
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import '../testing/dom.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import type { FilterField, FilterValue } from './filter.ts';
import { FilterBar } from './FilterBar.tsx';

const fields: FilterField[] = [
  { key: 'state', label: 'State', multiple: true, values: [{ value: 'running', label: 'Running' }, { value: 'failed', label: 'Failed' }] },
];

function setup(initial: FilterValue = {}) {
  const changes: FilterValue[] = [initial];
  function Bar() {
    const [value, setValue] = useState(initial);
    const onChange = (next: FilterValue): void => {
      changes.push(next);
      setValue(next);
    };
    return <FilterBar label="Filter tasks" fields={fields} value={value} onChange={onChange} />;
  }
  render(<StoryFrame><Bar /></StoryFrame>);
  const input = screen.getByPlaceholderText(/filter/i);
  return { seen: (): FilterValue => changes.at(-1) ?? {}, input };
}
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test('a token is taken at the space, several join, and backspace takes it back to be changed', () => {
  const { seen, input } = setup();
  fireEvent.change(input, { target: { value: 'state:running' } });
  fireEvent.keyDown(input, { key: ' ' });
  expect(seen()).toMatchObject({ state: 'running' });
  fireEvent.change(input, { target: { value: 'state:failed' } });
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(seen()).toMatchObject({ state: 'running,failed' });
  fireEvent.keyDown(input, { key: 'Backspace' });
  expect(seen().state).toBeUndefined();
  expect((input as HTMLInputElement).value).toBe('state:running,failed');
});

test('words are taken after a pause, and an unfinished token is not', () => {
  vi.useFakeTimers();
  const { seen, input } = setup();
  fireEvent.change(input, { target: { value: 'wrist' } });
  expect(seen().q).toBeUndefined();
  act(() => void vi.advanceTimersByTime(300));
  expect(seen().q).toBe('wrist');
  fireEvent.change(input, { target: { value: 'wrist state:ru' } });
  act(() => void vi.advanceTimersByTime(300));
  expect(seen().q).toBe('wrist');
});

test('the button of a token removes it and the field keeps the focus', () => {
  const { seen, input } = setup({ state: 'failed' });
  fireEvent.click(screen.getByRole('button', { name: 'Remove the filter State' }));
  expect(seen().state).toBeUndefined();
  expect(document.activeElement).toBe(input);
});
