// @vitest-environment jsdom
// Budgets on the screen: set with what is refused said at its field, raised, removed with a way back, and not by viewers.
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import '../testing/dom.ts';
import { budgets } from '../stories/budgetFixtures.ts';
import type { Handlers } from '../stories/bridge.ts';
import { agents, meAs } from '../stories/fixtures.ts';
import { drawAt } from '../testing/draw.tsx';
import { barWords, formOf, overshootWords, percentOf, plain, raised, rounded, toPatch, validate, emptyBudget } from './words.ts';

const setup = (path: string, handlers: Handlers = {}, role: 'owner' | 'viewer' = 'owner') => drawAt(path, { handlers, me: meAs(role) });
const [workspaceBudget, executions, usedUp] = budgets as [typeof budgets[0], typeof budgets[0], typeof budgets[0]];
const words = `The daily budget of ${usedUp.name}`;
const panel = (name: string): Promise<HTMLElement> => screen.findByRole('complementary', { name });
afterEach(cleanup);

describe('the words', () => {
  test('say how far it can go over, exactly where it can', () => {
    expect(overshootWords(usedUp)).toBe('At the worst it ends $0.42 over: 2 attempts in flight may pass it between two reports, and are stopped by the next.');
    expect(overshootWords(workspaceBudget)).toBe('It cannot go over: all that is in flight fits.');
    expect(overshootWords(executions)).toMatch(/never go over/);
    expect(overshootWords({ ...usedUp, overshoot: '0.25', running: 0 })).toBe('At the worst it ends $0.25 over.');
  });

  test('in lists money is to a tenth of a cent below a dollar, as everywhere', () => {
    expect(['0.922471', '4.9', '0', '0.0004'].map((amount) => rounded(workspaceBudget, amount))).toEqual(['$0.922', '$4.90', '$0', '<$0.001']);
    expect(rounded(executions, '12')).toBe('12');
  });

  test('describe the bar whole', () => {
    expect(barWords(usedUp)).toBe('$4.91 spent, $0.09 held for work in flight, $0.00 free of $5.00, warns at 80 %, at most $0.42 over');
    expect(percentOf(usedUp, '2.5')).toBe(50);
    expect(percentOf(usedUp, '12')).toBe(100);
  });

  test('take money as people write it', () => {
    expect(plain(' $1,200.50 ')).toBe('1200.50');
    const form = { ...emptyBudget, amount: '$1,200.50' };
    expect(validate.amount(form.amount, form)).toBeNull();
    expect(validate.amount('0', form)).toMatch(/more than nothing/);
    expect(validate.amount('1.5', { ...form, unit: 'executions' })).toBe('Write a whole number of executions.');
    expect(validate.reserveUsd('2000', form)).toMatch(/whole budget/);
    expect(toPatch({ ...formOf(usedUp), amount: '$9' }, usedUp)).toMatchObject({ id: usedUp.id, edition: 2, amount: '9', reserveUsd: '0.25' });
  });

  test('offer a round amount that is half as much again', () => {
    expect(raised({ unit: 'usd', amount: '5' })).toBe('7.5');
    expect(raised({ unit: 'usd', amount: '0.3' })).toBe('0.45');
    expect(raised({ unit: 'executions', amount: '20000' })).toBe('30000');
    expect(raised({ unit: 'executions', amount: '1' })).toBe('2');
    expect(Number(raised({ unit: 'usd', amount: '123.45' }))).toBe(190);
  });
});

test('the list says how each stands, and opens one with whom it has stopped', async () => {
  const { route } = setup('/budgets');
  const grid = await screen.findByRole('grid', { name: 'Budgets' });
  expect(await within(grid).findAllByText('Used up')).toHaveLength(1);
  fireEvent.click(within(grid).getByText(usedUp.name));
  const open = await panel(words);
  expect(route()).toMatchObject({ place: 'budgets', id: usedUp.id });
  expect(within(open).getByText(/Nothing that would use it starts/)).toBeTruthy();
  expect(await within(open).findByText('$0.710')).toBeTruthy();
});

test('one is set for an agent; what is missing is said at its field, and the focus goes there', async () => {
  const { calls, route } = setup(`/budgets?new=1&agent=${agents[3]!.id}`);
  const dialog = await screen.findByRole('dialog', { name: 'New budget' });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Set the budget' }));
  expect(await within(dialog).findByText('Write an amount.')).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(within(dialog).getByLabelText('Amount')));
  fireEvent.change(within(dialog).getByLabelText('Amount'), { target: { value: '$25.50' } });
  fireEvent.click(within(dialog).getByLabelText('A day'));
  fireEvent.click(within(dialog).getByRole('button', { name: 'Set the budget' }));
  await waitFor(() => expect(calls('budgets.create')).toEqual([
    { scope: 'agent', agentId: agents[3]!.id, unit: 'usd', amount: '25.50', period: 'day', softPercent: 80, reserveUsd: null },
  ]));
  await waitFor(() => expect(route().search).toEqual({}));
});

test('is raised in one step, with the edition that was seen', async () => {
  const { calls } = setup(`/budgets/${usedUp.id}`);
  fireEvent.click(await within(await panel(words)).findByRole('button', { name: 'Raise to $7.50' }));
  await screen.findByText(`${words} is $7.50 now.`);
  expect(calls('budgets.update')).toEqual([{ id: usedUp.id, amount: '7.5', edition: 2 }]);
});

test('is removed with a way back', async () => {
  const { calls } = setup(`/budgets/${usedUp.id}`);
  fireEvent.click(await within(await panel(words)).findByRole('button', { name: 'Remove' }));
  await screen.findByText('The budget is removed.');
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(calls('budgets.restore')).toEqual([{ id: usedUp.id }]));
});

test('a viewer sees all of it and is told why not', async () => {
  const { calls } = setup(`/budgets/${usedUp.id}`, {}, 'viewer');
  const raise = await within(await panel(words)).findByRole('button', { name: 'Raise to $7.50' });
  expect(raise.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(raise);
  expect(calls('budgets.update')).toEqual([]);
});

test('an agent shows its own and the workspace’s', async () => {
  setup(`/agents/${agents[3]!.id}`);
  const open = await panel(usedUp.name);
  expect(await within(open).findByText('$4.91 of $5.00 a day')).toBeTruthy();
  expect(within(open).getByText('$71.48 of $120.00 a month')).toBeTruthy();
  expect(within(open).getByRole('link', { name: 'Set a budget' })).toBeTruthy();
});
