// @vitest-environment jsdom
// A problem is told by what happened: a disk that refuses is no backend that is away.
import '../testing/dom.ts';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { ProblemNotice } from './ProblemNotice.tsx';

afterEach(cleanup);

test('a full disk is said in its own words, not as a backend that cannot be reached', () => {
  render(<ProblemNotice error={new AppError('unavailable', 'The disk is full. Nothing is left of it.', { details: { reason: 'disk_full' } })} />);
  expect(screen.getByRole('alert').textContent).toBe('The disk is full. Nothing is left of it.');
});

test('a backend that is away is said to be away, with what can be done', () => {
  render(<ProblemNotice error={new AppError('unavailable', 'It does not answer.')} />);
  expect(screen.getByRole('alert').textContent).toBe(
    'The backend cannot be reachedIt does not answer.Signalbox keeps trying to connect. You can try again now.',
  );
});
