// The commands that connect an agent: their shape, and that nothing in a key or an address can leave its quotes.
import { expect, test } from 'vitest';
import { workOperations } from '../../shared/work.ts';
import { claimCommand, KEY_PLACEHOLDER, loopCommand, quoted } from './command.ts';

const url = 'http://127.0.0.1:4180';

test('quotes for a POSIX shell', () => {
  expect(quoted('plain')).toBe(`'plain'`);
  expect(quoted(`a'b; rm -rf "$HOME"`)).toBe(`'a'\\''b; rm -rf "$HOME"'`);
});

test('the key goes through its variable alone', () => {
  for (const command of [loopCommand(url, 'sbx_secret'), claimCommand(url, 'sbx_secret')]) {
    expect(command.split('\n')[0]).toBe(`export SIGNALBOX_KEY='sbx_secret'`);
    expect(command.split('sbx_secret')).toHaveLength(2);
    expect(command).toContain('"Authorization: Bearer $SIGNALBOX_KEY"');
  }
  expect(loopCommand(url, KEY_PLACEHOLDER)).toContain(KEY_PLACEHOLDER);
});

test('one claim posts to the door of the operation', () => {
  const command = claimCommand(url, 'k');
  expect(command).toContain(`curl -sS -X POST '${url}${workOperations.claim.rest?.path}'`);
  const body = /-d '(.+)'$/.exec(command)?.[1] ?? '';
  expect(workOperations.claim.input.parse(JSON.parse(body))).toEqual({ waitSeconds: 20 });
});

test('the loop claims and completes at the doors of the operations', () => {
  const command = loopCommand(url, 'k');
  expect(command).toContain(`SIGNALBOX_URL='${url}'`);
  const doors = [...command.matchAll(/\$\(post "?([^" ]+)"? /g)].map(([, door]) => `/api/agent/${door}`.replace('$id', ':id'));
  expect(doors).toEqual([workOperations.claim.rest?.path, workOperations.complete.rest?.path]);
});

test('the loop reads id and token as the claim writes them', () => {
  const expressions = [...loopCommand(url, 'k').matchAll(/read_field 's\/(.+)\/\\1\/p'/g)].map(
    ([, pattern]) => new RegExp((pattern ?? '').replaceAll('\\(', '(').replaceAll('\\)', ')').replaceAll('{', '\\{')),
  );
  const title = 'quotes "lease":{"token":"no" and "task":{"id":"no"';
  const claim = JSON.stringify({ task: { id: 'the-id', title }, lease: { token: 'the-token', attempt: 1, expiresAt: '' } });
  expect(expressions.map((expression) => expression.exec(claim)?.[1])).toEqual(['the-id', 'the-token']);
});

test('an interactive shell takes every line: no comment, no history sign, balanced keywords', () => {
  const command = loopCommand(url, 'k');
  expect(command).not.toMatch(/(^|\s)#/m);
  expect(command).not.toContain('!');
  expect(command.match(/\bdo\b/g)).toHaveLength(1);
  expect(command.trimEnd().endsWith('done')).toBe(true);
  expect(command.match(/\bcase\b/g)?.length).toBe(command.match(/\besac\b/g)?.length);
});
