// @vitest-environment jsdom
// Code that comes later: something stands in its place, and what is there already is drawn without a step between.
import '../testing/dom.ts';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { later } from './later.tsx';

afterEach(cleanup);

function Greeting({ name }: { name: string }) {
  return <b>Hello {name}</b>;
}
const Meanwhile = ({ name }: { name: string }) => <i>{name}</i>;

test('keeps the place until the code is there, with the same props', async () => {
  const { promise, resolve } = Promise.withResolvers<typeof Greeting>();
  const Later = later(() => promise, Meanwhile);
  render(<Later name="Ada" />);
  expect(screen.getByText('Ada').tagName).toBe('I');
  resolve(Greeting);
  expect((await screen.findByText('Hello Ada')).tagName).toBe('B');
});

test('what was fetched ahead is drawn at once, and fetched once', async () => {
  let fetched = 0;
  const Later = later(async () => {
    fetched += 1;
    return Greeting;
  }, Meanwhile);
  await Later.load();
  await Later.load();
  render(<Later name="Ada" />);
  expect(screen.getByText('Hello Ada').tagName).toBe('B');
  expect(fetched).toBe(1);
});
