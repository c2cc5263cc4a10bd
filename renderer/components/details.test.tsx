// @vitest-environment jsdom
// The panel beside a list: Esc closes what is on top of it first, and only then the panel.
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import '../testing/dom.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { Details } from './layout.tsx';

afterEach(cleanup);

test('Esc that closes a dialog leaves the panel open; the next one closes it', () => {
  const onClose = vi.fn<() => void>();
  render(<StoryFrame><Details label="Task" onClose={onClose}>What it is</Details></StoryFrame>);
  const dialog = document.createElement('div');
  dialog.setAttribute('role', 'dialog');
  document.body.append(dialog);
  // As dialogs do: on the way down, and gone before the key comes back up.
  const close = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') dialog.remove();
  };
  window.addEventListener('keydown', close, { capture: true });
  fireEvent.keyDown(screen.getByText('What it is'), { key: 'Escape' });
  expect(dialog.isConnected).toBe(false);
  expect(onClose).not.toHaveBeenCalled();
  fireEvent.keyDown(screen.getByText('What it is'), { key: 'Escape' });
  window.removeEventListener('keydown', close, { capture: true });
  expect(onClose).toHaveBeenCalledOnce();
});
