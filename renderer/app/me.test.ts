// What a role may do, and the reason that a disabled button gives.
import { expect, test } from 'vitest';
import { mayAs } from './me.tsx';

test('says who could do it', () => {
  expect(mayAs('owner', 'tasks:operate')).toEqual({ allowed: true, reason: null });
  expect(mayAs('viewer', 'tasks:operate')).toEqual({
    allowed: false,
    reason: 'Your role here is viewer. This needs owner, admin or sre.',
  });
});
