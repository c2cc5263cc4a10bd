// Links come from anywhere: what is not exactly one of ours is refused, and none does more than name a place.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatLink, parseLink } from './link.ts';
import { places } from './places.ts';

const workspace = '0192f3c1-7d40-7e11-9f00-0c8a3f1b2d4e';

test('a link names a workspace and a place in it', () => {
  expect(parseLink(`signalbox://${workspace}/tasks/${workspace}?state=failed,queued`)).toEqual({
    owner: workspace,
    path: `/tasks/${workspace}?state=failed%2Cqueued`,
  });
  expect(parseLink('signalbox://computer/settings/notifications')?.path).toBe('/settings/notifications');
  expect(parseLink('signalbox://computer')?.path).toBe('/overview');
  expect(parseLink('signalbox://computer/')?.path).toBe('/overview');
  expect(parseLink('signalbox://computer/tasks/')?.path).toBe('/tasks');
});

test('what opens a dialog, or is not known, is left out', () => {
  expect(parseLink('signalbox://computer/tasks?new=1&connect=1&import=1&later=x&q=port+lamp')?.path).toBe('/tasks?q=port%20lamp');
});

test.each([
  '',
  'signalbox:',
  'signalbox://',
  'signalbox:///tasks',
  'http://computer/tasks',
  'SIGNALBOX://computer/tasks',
  ' signalbox://computer/tasks',
  'signalbox://user:secret@computer/tasks',
  'signalbox://computer:80/tasks',
  'signalbox://../etc/passwd',
  'signalbox://computer/../../etc/passwd',
  'signalbox://computer/tasks/..',
  'signalbox://computer/tasks/a/b',
  'signalbox://computer/tasks/%2e%2e%2f',
  'signalbox://computer/javascript:alert(1)',
  'signalbox://computer/tasks#x',
  'signalbox://computer/tasks?q=a?b',
  'signalbox://computer/tasks?q=%00',
  'signalbox://computer/tasks?q=%E0%A4',
  'signalbox://computer/tasks?q=<script>',
  'signalbox://computer/tasks?state=FAILED',
  'signalbox://computer/tasks?state=failed&state=queued',
  'signalbox://computer/__proto__',
  'signalbox://computer/constructor',
  'signalbox://computer/tasks\u0000',
  'signalbox://computer/tasks --inspect',
  `signalbox://computer/tasks?q=${'x'.repeat(2_000)}`,
])('%j is refused', (text) => {
  expect(parseLink(text)).toBeNull();
});

test('whatever is written, the answer is nothing or a place that reads back as itself', () => {
  const piece = fc.oneof(
    fc.constantFrom(...places, 'computer', workspace, '..', '/', '//', '?', '&', '=', '#', '@', ':', '%2f', '%00', 'state', 'new=1', 'q='),
    fc.string({ maxLength: 12 }),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => `signalbox://${pieces.join('')}`);
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ maxLength: 200 })), (given) => {
      const read = parseLink(given);
      if (read === null) return;
      const [whole = '', query = ''] = read.path.split('?');
      const [, place = ''] = whole.split('/');
      expect(places).toContain(place);
      expect(whole.split('/').length).toBeLessThanOrEqual(3);
      expect(whole).not.toMatch(/[^A-Za-z0-9/._-]|\.\.\//);
      for (const pair of query.split('&').filter(Boolean)) {
        expect(['state', 'view', 'severity', 'agentId', 'planId', 'task', 'retired', 'q']).toContain(pair.split('=')[0]);
      }
      expect(parseLink(formatLink(read))).toEqual(read);
    }),
    { numRuns: 3_000 },
  );
});

test('the link of a place carries its filters and none of its dialogs', () => {
  const link = formatLink({ owner: workspace, path: `/tasks/${workspace}?state=failed&new=1&q=lamp` });
  expect(link).toBe(`signalbox://${workspace}/tasks/${workspace}?state=failed&q=lamp`);
  expect(parseLink(link)?.owner).toBe(workspace);
});
