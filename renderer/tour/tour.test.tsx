// @vitest-environment jsdom
// The tour: it goes step by step, ends when asked, and never holds up what lies beneath.
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { actions } from '../../shared/actions.ts';
import { createRouteStore } from '../app/routes.ts';
import { SessionActions } from '../app/SessionActions.tsx';
import { useRun } from '../components/actions.tsx';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { Tour } from './Tour.tsx';

function Begin() {
  const run = useRun();
  return <button type="button" onClick={() => run('tour.start')}>Help</button>;
}
function setup(path = '/overview?tour=1') {
  const routes = createRouteStore(path);
  render(
    <StoryFrame routes={routes}>
      <SessionActions />
      <Begin />
      <Tour />
    </StoryFrame>,
  );
  return { route: () => routes.getState().route };
}
afterEach(cleanup);

test('it is in the Help menu, and begins from anywhere', () => {
  expect(actions['tour.start']).toMatchObject({ group: 'Help', menu: true });
  const { route } = setup('/tasks?state=failed');
  expect(screen.queryByRole('region', { name: 'Tour' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Help' }));
  expect(route()).toEqual({ place: 'overview', id: null, search: { tour: '1' } });
  expect(screen.getByRole('region', { name: 'Tour' })).toBeTruthy();
});

test('it goes through its steps, has the focus, and is done at the last', () => {
  const { route } = setup();
  const card = screen.getByRole('region', { name: 'Tour' });
  expect(document.activeElement).toBe(card);
  const titles: string[] = [];
  for (let step = 0; step < 5; step += 1) {
    titles.push(card.querySelector('b')?.textContent ?? '');
    if (step < 4) fireEvent.click(screen.getByRole('button', { name: 'Next' }));
  }
  expect(new Set(titles).size).toBe(5);
  expect(screen.getByText('5 of 5')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'End the tour' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Done' }));
  expect(route().search).toEqual({});
  expect(screen.queryByRole('region', { name: 'Tour' })).toBeNull();
});

test('Esc ends it while it has the focus, and not when the person is elsewhere', () => {
  const { route } = setup();
  screen.getByRole('button', { name: 'Help' }).focus();
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  expect(route().search).toEqual({ tour: '1' });
  screen.getByRole('region', { name: 'Tour' }).focus();
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  expect(route().search).toEqual({});
});
