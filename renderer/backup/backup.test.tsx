// @vitest-environment jsdom
// Backup and restore as a person goes through them: what is asked, what is refused, and what is said before anything.
import '../testing/dom.ts';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { createFakeBridge, type FakeBridge, type Handlers } from '../stories/bridge.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { BackUpDialog } from './BackUpDialog.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';

afterEach(cleanup);

function draw(dialog: React.ReactNode, keeping: Handlers = {}): FakeBridge {
  const bridge = createFakeBridge({ keeping });
  render(<StoryFrame bridge={bridge}>{dialog}</StoryFrame>);
  return bridge;
}
const asked = (bridge: FakeBridge, channel: string) => bridge.requests.filter(([name]) => name === channel).map(([, argument]) => argument);
const write = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

test('a short passphrase and two that differ are refused at their fields, and nothing is asked', async () => {
  const bridge = draw(<BackUpDialog onClose={vi.fn()} onMade={vi.fn()} />);
  write('Passphrase', 'short');
  write('Passphrase once more', 'shorter');
  press('Choose a place and back up');
  await screen.findByText('Use at least 10 characters.');
  screen.getByText('This is not the same passphrase.');
  expect(asked(bridge, 'backup:make')).toEqual([]);
});

test('a backup is made, said to be verified, and what is in it shown', async () => {
  const onMade = vi.fn();
  const bridge = draw(<BackUpDialog onClose={vi.fn()} onMade={onMade} />);
  write('Passphrase', 'the tide turns at nine');
  write('Passphrase once more', 'the tide turns at nine');
  press('Choose a place and back up');
  await screen.findByText('Backup verified');
  screen.getByText('Northwind Robotics');
  expect(asked(bridge, 'backup:make')).toEqual([{ passphrase: 'the tide turns at nine' }]);
  expect(onMade).toHaveBeenCalledOnce();
});

test('a cancelled choice of a place writes nothing and says so; a full disk is said with what was left', async () => {
  const answers: (() => unknown)[] = [
    () => null,
    () => {
      throw new AppError('unavailable', 'The disk is full. Nothing was left behind; choose another place.');
    },
  ];
  draw(<BackUpDialog onClose={vi.fn()} onMade={vi.fn()} />, { 'backup:make': () => answers.shift()?.() });
  write('Passphrase', 'the tide turns at nine');
  write('Passphrase once more', 'the tide turns at nine');
  press('Choose a place and back up');
  await screen.findByText('No place was chosen, so nothing was written.');
  press('Choose a place and back up');
  await screen.findByText(/The disk is full/);
  expect(screen.getByLabelText('Passphrase')).toHaveProperty('value', 'the tide turns at nine');
});

test('a restore shows what is in the backup before it changes anything', async () => {
  const onClose = vi.fn();
  const bridge = draw(<RestoreDialog onClose={onClose} />);
  press('Choose a backup…');
  await screen.findByText('signalbox-2026-11-18.signalbox-backup');
  write('Passphrase of this backup', 'wrong');
  press('Open it');
  await screen.findByText('This is not the passphrase of this backup.');
  write('Passphrase of this backup', 'the tide turns at nine');
  press('Open it');
  await screen.findByText('Northwind Robotics');
  expect(asked(bridge, 'backup:restore')).toEqual([]);
  press('Restore this backup');
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(asked(bridge, 'backup:restore')).toEqual([{ passphrase: 'the tide turns at nine' }]);
});

test('a foreign file is refused in its own words, and another can be chosen', async () => {
  const words = 'This file is not a Signalbox backup. Choose one that “Back up” made. Nothing was changed.';
  draw(<RestoreDialog onClose={vi.fn()} />, {
    'backup:pick': () => {
      throw new AppError('malformed_request', words);
    },
  });
  press('Choose a backup…');
  await screen.findByText(words);
  screen.getByRole('button', { name: 'Choose a backup…' });
});
