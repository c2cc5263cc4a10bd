// @vitest-environment jsdom
// The demo from inside: asked before signing out, and its work that comes in by itself, which can be stopped.
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { createActionStore, ActionsProvider, attachedTo } from '../components/actions.tsx';
import { createFakeBridge } from '../stories/bridge.ts';
import { meAs } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { DemoBanner } from './DemoBanner.tsx';
import { TryDemoAction } from './TryDemoAction.tsx';

const owner = meAs('owner');
const guest = { ...owner, organization: { ...owner.organization, demo: true } };
const demo = { offered: true, kept: true, making: null, trickle: true };

afterEach(cleanup);

test('the demo is entered from a workspace only after it was said that this signs out', async () => {
  const bridge = createFakeBridge({ status: { demo } });
  const store = createActionStore();
  render(<StoryFrame bridge={bridge}><ActionsProvider store={store}><TryDemoAction /></ActionsProvider></StoryFrame>);
  await waitFor(() => expect(attachedTo(store.getState(), 'demo.try')?.reason).toBeNull());
  attachedTo(store.getState(), 'demo.try')?.run();
  const dialog = await screen.findByRole('dialog', { name: 'Try the demo workspace' });
  expect(dialog.textContent).toContain(`sign in as ${owner.user.email} again`);
  const asked = () => bridge.requests.map(([channel]) => channel).filter((channel) => /^(session|demo):/.test(channel));
  expect(asked()).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: 'Sign out and open the demo' }));
  await waitFor(() => expect(asked()).toEqual(['session:logout', 'demo:start']));
});

test('on a server, and in the demo itself, it says why not', async () => {
  for (const [status, me, reason] of [[{ demo: { ...demo, offered: false } }, owner, /This computer/], [{ demo }, guest, /This is the demo/]] as const) {
    const store = createActionStore();
    render(<StoryFrame bridge={createFakeBridge({ status })} story={{ me }}><ActionsProvider store={store}><TryDemoAction /></ActionsProvider></StoryFrame>);
    await waitFor(() => expect(attachedTo(store.getState(), 'demo.try')?.reason).toMatch(reason));
    cleanup();
  }
});

test('work that comes in by itself is told as made up, and stopped and let go on again', async () => {
  const bridge = createFakeBridge({ status: { demo } });
  render(<StoryFrame bridge={bridge} story={{ me: guest, status: { demo } }}><DemoBanner /></StoryFrame>);
  await screen.findByText(/All simulated; work comes in by itself/);
  fireEvent.click(screen.getByRole('button', { name: 'Stop new work' }));
  bridge.notify('app:status', { ...(await bridge.request('app:status')), demo: { ...demo, trickle: false } });
  fireEvent.click(await screen.findByRole('button', { name: 'Keep work coming' }));
  expect(bridge.requests.filter(([channel]) => channel === 'demo:trickle').map(([, argument]) => argument)).toEqual([{ on: false }, { on: true }]);
});
