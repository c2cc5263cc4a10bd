// Files of tasks: what is read of them, what is refused and where, and that going on makes no doubles.
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import type { BulkLine } from '../../../shared/task.ts';
import { guessMapping, withField } from './fields.ts';
import { createPlainReader, type ReadFile } from './reader.ts';
import { runImport, type Run, type RunParts } from './run.ts';
import { readSource } from './source.ts';

const agents = [
  { id: '019d2f6a-0400-7a31-8f0c-b00000000001', name: 'crate-weigher', status: 'active' },
  { id: '019d2f6a-0400-7a31-8f0c-b00000000002', name: 'old-one', status: 'retired' },
];
async function reading(text: string | Uint8Array<ArrayBuffer>, name = 'tasks.csv'): Promise<{ file: ReadFile; parts: object[]; refused: string }> {
  const reader = createPlainReader();
  const file = await reader.read({ file: new File([text], name), agents, mapping: null });
  const parts = await Promise.all(Array.from({ length: file.parts }, (_, index) => reader.part(index)));
  return {
    file,
    parts: parts.flatMap(({ ndjson }) => ndjson.split('\n').map((line) => JSON.parse(line) as object)),
    refused: await reader.refused([]),
  };
}

describe('columns', () => {
  test('are known by their names, each field once', () => {
    expect(guessMapping(['Task', 'Description', 'Assigned to', 'PRIORITY', 'colour'])).toEqual(['title', 'instructions', 'agentId', 'priority', null]);
    expect(guessMapping(['name', 'Title'])).toEqual([null, 'title']);
    expect(withField(['title', null], 1, 'title')).toEqual([null, 'title']);
  });
});

describe('a CSV', () => {
  test('by its names, with quotes, lines within values, other separators and agents by name', async () => {
    const { file, parts } = await reading(
      '\uFEFFtitle;agent;priority;instructions;capabilities\n"Weigh; all";Crate-Weigher;7;"Line one\nline ""two""";\nCount;;;;count|weigh\n\n',
    );
    expect(file).toMatchObject({ format: 'csv', rows: 2, good: 2, bad: 0, parts: 1 });
    expect(parts).toEqual([
      { title: 'Weigh; all', agentId: agents[0]?.id, priority: 7, instructions: 'Line one\nline "two"' },
      { title: 'Count', capabilities: ['count', 'weigh'] },
    ]);
  });

  test('what is wrong is said by the line of the file, the field and the fix; the rest goes in', async () => {
    const { file, parts, refused } = await reading(
      [
        'title,agent,priority,runAt,queue',
        '"Two\nlines, good",crate-weigher,5,,',
        'No such agent,nobody,5,,',
        'Retired,old-one,,,',
        ',crate-weigher,,,',
        'Too urgent,,10,,',
        'No time,,,tomorrow,',
        'Too many,,,,q,more',
        'Good,,,2026-11-20T14:00:00Z,quay',
      ].join('\n'),
    );
    expect(parts.map((part) => 'title' in part && part.title)).toEqual(['Good']);
    expect(file.refusals).toEqual([
      { line: 2, field: 'title', message: 'Remove line breaks and control characters.' },
      { line: 4, field: 'agentId', message: 'There is no agent “nobody”. Create it first, or use the name of one that is there.' },
      { line: 5, field: 'agentId', message: 'old-one is retired. Name another agent.' },
      { line: 6, field: 'title', message: 'Write a title.' },
      { line: 7, field: 'priority', message: 'Write a whole number from 0 to 9.' },
      { line: 8, field: 'runAt', message: 'Write a time such as 2026-11-20T14:00:00Z.' },
      { line: 9, field: null, message: 'It has 6 values, and there are 5 columns. Quote a value that holds the separator.' },
    ]);
    expect(refused.split('\r\n')[2]).toBe('4,agentId,"There is no agent “nobody”. Create it first, or use the name of one that is there.","No such agent,nobody,5,,"');
  });

  test('a cell that would be a formula is none in the list of refused rows', async () => {
    const { refused } = await reading('title,priority\n=HYPERLINK("x"),99\n');
    expect(refused).toContain(`"'=HYPERLINK(""x""),99"`);
  });

  test('in another encoding is read, and said', async () => {
    const { file, parts } = await reading(new Uint8Array([...'title\nPr'].map((sign) => sign.charCodeAt(0)).concat([0xfc, 0x66, 0x65])));
    expect(parts).toEqual([{ title: 'Prüfe' }]);
    expect(file.warnings[0]).toContain('Windows-1252');
  });

  test('without a column of titles refuses every row until one is named', async () => {
    const reader = createPlainReader();
    const given = new File(['what,who\nWeigh,crate-weigher\n'], 'tasks.csv');
    expect(await reader.read({ file: given, agents, mapping: null })).toMatchObject({ good: 0, bad: 1 });
    const named = await reader.read({ file: given, agents, mapping: ['title', 'agentId'] });
    expect(named).toMatchObject({ good: 1, bad: 0 });
    expect(named.sample[0]).toEqual({ line: 2, refused: null, values: { title: 'Weigh', agentId: 'crate-weigher' } });
  });
});

describe('NDJSON', () => {
  test('keeps lists, figures and policies as they are; a bad line stops no other', async () => {
    const { file, parts } = await reading(
      '{"title":"A","priority":7,"capabilities":["x, y"],"retry":{"factor":3}}\n{broken\n[1]\n\n{"title":5}\n{"title":"B","colour":"red"}\n',
      'tasks.ndjson',
    );
    expect(parts).toEqual([{ title: 'A', priority: 7, capabilities: ['x, y'], retry: { factor: 3 } }, { title: 'B' }]);
    expect(file.columns.map(({ name }) => name)).toEqual(['title', 'priority', 'capabilities', 'retry', 'colour']);
    expect(file.mapping.at(-1)).toBeNull();
    expect(file.refusals.map(({ line, field }) => [line, field])).toEqual([[2, null], [3, null], [5, 'title']]);
  });

  test('is known without a name of a file', () => {
    expect(readSource(' {"title":"A"}', 'Pasted text').format).toBe('ndjson');
    expect(readSource('title\nA', 'Pasted text').format).toBe('csv');
  });
});

test('100,000 rows are read in parts of a thousand', async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => `Weigh crate ${index},crate-weigher,${index % 10},${'x'.repeat(400)}`);
  const started = performance.now();
  const { file, parts } = await reading(`title,agent,priority,instructions\n${rows.join('\n')}`);
  expect(file).toMatchObject({ rows: 100_000, good: 100_000, parts: 100 });
  expect(parts).toHaveLength(100_000);
  // Some 2 s on a busy machine; a step that looks at every other row would take minutes.
  expect(performance.now() - started).toBeLessThan(30_000);
}, 60_000);

/** A backend that creates each line of a key once, as the real one does. */
function backend(size: number) {
  const created = new Map<string, string>();
  const before: (() => void)[] = [];
  return {
    created,
    /** What happens at the next calls, in their order. */
    next: (...happenings: (() => void)[]) => before.push(...happenings),
    parts(stopped: () => boolean = () => false, show: (run: Run) => void = () => undefined): RunParts {
      return {
        part: (index) =>
          Promise.resolve({ ndjson: Array.from({ length: size }, (_, at) => `{"title":"${index}-${at}"}`).join('\n'), lines: Array.from({ length: size }, (_, at) => index * size + at + 2) }),
        async send({ ndjson, key }) {
          const items = ndjson.split('\n').map((text, index): BulkLine => {
            const name = `${key}:${index + 1}`;
            if (text.includes('"1-0"')) return { line: 1, error: { code: 'not_found', message: 'agentId: there is no such agent.' } };
            if (!created.has(name)) created.set(name, text);
            return { line: index + 1, id: `id of ${name}` };
          });
          before.shift()?.();
          return { items };
        },
        stopped,
        show,
        now: () => 1_000,
        wait: async () => undefined,
      };
    },
  };
}
const fresh = (parts: number, size: number): Run => ({
  state: 'running', key: 'k', parts, next: 0, rows: parts * size, sent: 0, created: 0, refused: [], problem: null, inDoubt: 0, startedAt: 0, endedAt: null,
});

describe('a run', () => {
  test('is stopped between two parts, says exactly what was created, and goes on', async () => {
    const there = backend(10);
    let shown: Run | null = null;
    const stopped = await runImport(fresh(5, 10), there.parts(() => (shown?.next ?? 0) >= 2, (run) => (shown = run)));
    expect(stopped).toMatchObject({ state: 'stopped', next: 2, sent: 20, created: 19 });
    expect(there.created.size).toBe(19);
    const done = await runImport(stopped, there.parts());
    expect(done).toMatchObject({ state: 'done', sent: 50, created: 49, refused: [{ line: 12, field: 'agentId', message: 'there is no such agent.' }] });
    expect(there.created.size).toBe(49);
  });

  test('whose answer is lost goes on under the same keys, without doubles', async () => {
    const there = backend(10);
    const lost = (): never => {
      throw new AppError('unavailable', 'The connection was cut.');
    };
    there.next(() => undefined, () => undefined, lost);
    const failed = await runImport(fresh(4, 10), there.parts());
    // The third part is there, though nobody knows.
    expect(failed).toMatchObject({ state: 'failed', next: 2, sent: 20, created: 19, inDoubt: 10, problem: { code: 'unavailable' } });
    expect(there.created.size).toBe(29);
    const done = await runImport(failed, there.parts());
    expect(done).toMatchObject({ state: 'done', sent: 40, created: 39, problem: null });
    expect(there.created.size).toBe(39);
  });

  test('that is too fast waits and goes on by itself', async () => {
    const there = backend(10);
    there.next(() => {
      throw new AppError('rate_limited', 'Too many requests.', { details: { retryAfterSeconds: 3 } });
    });
    const waits: number[] = [];
    const parts = there.parts();
    expect(await runImport(fresh(1, 10), { ...parts, wait: async (milliseconds) => void waits.push(milliseconds) })).toMatchObject({ state: 'done', created: 10 });
    expect(waits).toEqual([3_000]);
  });
});
