// @vitest-environment jsdom
// What opens over a screen leaves the keyboard to it in the moment in which it is closed, not when it has faded.
import { Menu, Modal, Popover } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState, type ReactNode } from 'react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { isKeyboardTaken } from '../components/listKeys.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { Omnibox } from './Omnibox.tsx';

interface Opened {
  opened: boolean;
  close(): void;
}
const kinds: Record<string, (over: Opened) => ReactNode> = {
  dialog: ({ opened, close }) => (
    <Modal opened={opened} onClose={close} title="A question" closeButtonProps={{ 'aria-label': 'Close' }}>
      <button>inside</button>
    </Modal>
  ),
  menu: ({ opened, close }) => (
    <Menu opened={opened} onChange={close}>
      <Menu.Target><button>what opens it</button></Menu.Target>
      <Menu.Dropdown><Menu.Item>inside</Menu.Item></Menu.Dropdown>
    </Menu>
  ),
  popover: ({ opened, close }) => (
    <Popover opened={opened} onChange={close}>
      <Popover.Target><button>what opens it</button></Popover.Target>
      <Popover.Dropdown><button>inside</button></Popover.Dropdown>
    </Popover>
  ),
};

afterEach(cleanup);

test.for(Object.keys(kinds))('a %s that Escape closed has the keyboard no longer', async (kind) => {
  function Over() {
    const [opened, setOpened] = useState(true);
    return kinds[kind]?.({ opened, close: () => setOpened(false) });
  }
  render(<StoryFrame><Over /></StoryFrame>);
  fireEvent.keyDown(await screen.findByText('inside'), { key: 'Escape', code: 'Escape' });
  expect(screen.queryByText('inside')).toBeNull();
  expect(isKeyboardTaken()).toBe(false);
});

test('nor has the omnibox', async () => {
  render(<StoryFrame><Omnibox /></StoryFrame>);
  fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true });
  fireEvent.keyDown(await screen.findByLabelText('Search, go to, or act'), { key: 'Escape', code: 'Escape' });
  expect(screen.queryByLabelText('Search, go to, or act')).toBeNull();
  expect(isKeyboardTaken()).toBe(false);
});
