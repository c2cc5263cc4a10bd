// What the system asks before the console is there is kept from the system's own answer, and comes in its order.
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { holdEvents } from './held-events.ts';

test('is let out once somebody listens, and not held any more', () => {
  const app = new EventEmitter();
  const { release } = holdEvents(app);
  let prevented = 0;
  const event = { preventDefault: () => (prevented += 1) };
  app.emit('open-url', event, 'signalbox://tasks/1');
  app.emit('second-instance', event, ['signalbox']);
  expect(prevented).toBe(2);

  const heard: unknown[] = [];
  app.on('open-url', (_event, address) => heard.push(address));
  app.on('second-instance', (_event, words) => heard.push(words));
  release();
  expect(heard).toEqual(['signalbox://tasks/1', ['signalbox']]);
  app.emit('open-url', event, 'signalbox://tasks/2');
  expect(heard).toHaveLength(3);
  expect(prevented).toBe(2);
});
