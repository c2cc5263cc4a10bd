// The filter's language.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatFilter, parseFilter, suggest, valueLabel, type FilterField } from './filter.ts';

const fields: FilterField[] = [
  { key: 'state', label: 'State', multiple: true, values: [{ value: 'running', label: 'Running' }, { value: 'handed_off', label: 'Handed off' }, { value: 'failed', label: 'Failed' }] },
  { key: 'agent', label: 'Agent', values: [{ value: 'id-1', label: 'docs-writer' }, { value: 'id-2', label: 'two words' }] },
  { key: 'note', label: 'Note' },
];

test('reads tokens and words', () => {
  expect(parseFilter('state:running,Failed wrist agent:docs-writer limits', fields)).toEqual({
    state: 'running,failed',
    agent: 'id-1',
    q: 'wrist limits',
  });
  expect(parseFilter('state:running state:failed,running', fields)).toEqual({ state: 'running,failed' });
  expect(parseFilter('agent:"two words" state:"handed off"', fields)).toEqual({ agent: 'id-2', state: 'handed_off' });
});

test('what no field knows stays words', () => {
  expect(parseFilter('state:flying http://x :y colour:red', fields)).toEqual({ q: 'state:flying http://x :y colour:red' });
});

test('what is written reads back the same', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  fc.assert(
    fc.property(
      fc.record(
        {
          state: fc.subarray(['running', 'handed_off', 'failed'], { minLength: 1 }).map((states) => states.join(',')),
          agent: fc.constantFrom('id-1', 'id-2'),
          note: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
          q: fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
        },
        { requiredKeys: [] },
      ),
      (value) => {
        expect(parseFilter(formatFilter(value, fields), fields)).toEqual(value);
      },
    ),
  );
});

test('suggests fields, then the values not yet taken', () => {
  expect(suggest('', fields, {}).map(({ text }) => text)).toEqual(['state:', 'agent:', 'note:']);
  expect(suggest('st', fields, {}).map(({ text }) => text)).toEqual(['state:']);
  expect(suggest('state:', fields, { state: 'running' }).map(({ text }) => text)).toEqual(['state:handed_off', 'state:failed']);
  expect(suggest('state:failed,ru', fields, {}).map(({ text }) => text)).toEqual(['state:failed,running']);
  expect(suggest('agent:wri', fields, {})).toEqual([{ text: 'agent:id-1', label: 'docs-writer', complete: true }]);
  expect(valueLabel(fields[0] as FilterField, 'running,handed_off')).toBe('Running, Handed off');
});
