// @vitest-environment jsdom
// Connections on screen: adding one with what is wrong beside the field, renaming, removing, and opening another.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import type { ReactNode } from 'react';
import { AppError, toProblem } from '../../shared/errors.ts';
import { createFakeBridge, type FakeBridgeOptions } from '../stories/bridge.ts';
import { connections } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { ConnectDialog, ConnectionsSection, Switcher } from './index.ts';

function setup(content: ReactNode, options: FakeBridgeOptions = {}) {
  const bridge = createFakeBridge(options);
  render(<StoryFrame bridge={bridge}>{content}</StoryFrame>);
  const asked = (channel: string): unknown[] => bridge.requests.filter(([name]) => name === channel).map(([, argument]) => argument);
  return { bridge, asked };
}
const dialog = <ConnectDialog opened onClose={() => undefined} />;
afterEach(cleanup);

test('an address is sent as it is written; what is wrong with it stands beside the field, and it stays', async () => {
  const message = 'Nothing answers at depot.example. Check the port, and whether the server runs.';
  const problem = toProblem(new AppError('validation_failed', message, { details: { fields: [{ path: 'address', message }] } }));
  const { asked } = setup(dialog, { connect: () => ({ ok: false, problem }) });
  const address = await screen.findByLabelText('Address');
  fireEvent.click(screen.getByRole('button', { name: 'Connect' }));
  await screen.findByText('Write the address of the server.');
  fireEvent.change(address, { target: { value: 'depot.example' } });
  fireEvent.click(screen.getByRole('button', { name: 'Connect' }));
  await screen.findByText(message);
  expect(asked('connections:add')).toEqual([{ address: 'depot.example' }]);
  expect((address as HTMLInputElement).value).toBe('depot.example');
});

test('the switcher names where this window is, and opens a window of another connection', async () => {
  const { asked, bridge } = setup(<Switcher workspace="Acme Robotics" />);
  const button = await screen.findByRole('button', { name: /Acme Robotics.*on.*This computer.*Open another connection/ });
  fireEvent.click(button);
  fireEvent.click(await screen.findByText('Northwind Depot'));
  expect(asked('connections:open')).toEqual([{ id: 's-1' }]);
  // One that was added elsewhere is there without asking again.
  bridge.notify('connections', [...connections, { ...connections[1], id: 's-9', workspace: 'Harbour' }]);
  fireEvent.click(button);
  await screen.findByText('Harbour');
  expect(asked('connections:list')).toHaveLength(1);
});

test('a connection is renamed in its row, and removed after a question; this computer stays', async () => {
  const { asked } = setup(<ConnectionsSection />);
  const row = await screen.findByRole('listitem', { name: 'Production' });
  fireEvent.click(within(row).getByRole('button', { name: 'Rename' }));
  const field = within(row).getByRole('textbox', { name: 'New name of Production' });
  fireEvent.change(field, { target: { value: '   ' } });
  fireEvent.click(within(row).getByRole('button', { name: 'Save' }));
  expect(within(row).getByText('Give it a name.')).toBeTruthy();
  fireEvent.change(field, { target: { value: 'Depot' } });
  fireEvent.click(within(row).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(asked('connections:rename')).toEqual([{ id: 's-1', name: 'Depot' }]));

  expect(within(screen.getByRole('listitem', { name: 'This computer' })).queryByRole('button', { name: 'Remove' })).toBeNull();
  fireEvent.click(within(screen.getByRole('listitem', { name: 'Production' })).getByRole('button', { name: 'Remove' }));
  const asks = await screen.findByRole('dialog', { name: 'Remove “Production”?' });
  expect(asked('connections:remove')).toEqual([]);
  fireEvent.click(within(asks).getByRole('button', { name: 'Remove it' }));
  await waitFor(() => expect(asked('connections:remove')).toEqual([{ id: 's-1' }]));
});
