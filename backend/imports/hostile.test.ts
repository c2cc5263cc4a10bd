// Documents that mean harm or nonsense: bounded in work, and never anything but a plan or an AppError.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { planPreview } from '../../shared/plan.ts';
import type { PlanPreview } from '../../shared/plan.ts';
import { PLAN_TEXT_LIMIT } from '../../shared/schema.ts';
import { readPlan } from './index.ts';
import type { PlanFormat } from './index.ts';
import { piecesOf } from './outline.ts';
import { DEEPEST_NESTING, MOST_LINES } from './source.ts';
import { fixture, refusalOf } from './testing.ts';

const head = '# P\n## Tasks\n1. **a-b**: x\n';

/** What holds for every preview, whatever it came from. */
function check(preview: PlanPreview, text: string): void {
  planPreview.parse(preview);
  const { tasks } = preview.plan;
  const keys = tasks.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  const done = new Set<string>();
  let left = tasks;
  while (left.length > 0) {
    const ready = left.filter(({ dependsOn }) => dependsOn.every((on) => done.has(on)));
    expect(ready.length, 'every dependency is a task, and there is no cycle').toBeGreaterThan(0);
    for (const { key } of ready) done.add(key);
    left = left.filter(({ key }) => !done.has(key));
  }
  const lines = text.split(/\r\n|\n|\r/).length;
  for (const { line } of preview.warnings) {
    expect(line).toBeGreaterThanOrEqual(0);
    expect(line).toBeLessThanOrEqual(lines);
  }
}

function readOrRefuse(text: string, format?: PlanFormat): void {
  try {
    check(readPlan({ text, format }), text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(['validation_failed', 'payload_too_large']).toContain(error.code);
  }
}

describe('any document', () => {
  const piece = fc.constantFrom(
    '# ',
    '## Agents\n',
    '#### 1. a-b\n',
    '#### a-b\n',
    '- **Task**: x\n',
    '- Depends on: ',
    'a-b',
    'c-d',
    ', ',
    '\n',
    '\n\n',
    '  - ',
    '> ',
    '```mermaid\ngraph TD\n',
    'A[a-b] --> B[c-d]\n',
    'B --> A\n',
    '```\n',
    '| Agent | Task |\n',
    '|--|--|\n',
    '| x | y |\n',
    '1. **c-d**: z\n',
    '**',
    '`',
    '<!--',
    '-->',
    '[',
    '](',
    '*',
    '_',
    '---\n',
    '===\n',
    'ðŸŽ¯',
    '\u0000',
    '\ud800',
    '\r',
    '\u2028',
    '\ufdd0',
    'Time limit: 99 h\n',
    'ALWAYS 5 ACTIVE AGENTS\n',
    '## Success criteria\n',
    'Tools:\n',
    ':',
    '\t',
    '|',
    '![x](y)',
    '<b>',
    '&amp;',
    '\\',
    '__proto__',
  );

  it('in pieces of Markdown is a plan or a refusal', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => readOrRefuse(pieces.join(''), 'markdown')),
      { numRuns: 400 },
    );
  });

  it('that was damaged is a plan or a refusal', () => {
    const name = fc.constantFrom('harbour.md', 'kitchen.md', 'orchard.json', 'orchard.yaml');
    const damage = fc.array(fc.tuple(fc.nat(4000), fc.nat(60), fc.string({ unit: 'binary', maxLength: 6 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(name, damage, (file, places) => {
        const text = places.reduce(
          (whole, [at, length, put]) => whole.slice(0, at) + put + whole.slice(at + length),
          fixture(file),
        );
        readOrRefuse(text);
      }),
      { numRuns: 100 },
    );
  });

  it('of any value in JSON or YAML is a plan or a refusal', () => {
    const small = { maxKeys: 4, noNullPrototype: true };
    const leaf = fc.jsonValue({ maxDepth: 2 });
    const taskKey = fc.constantFrom(
      'key',
      'title',
      'agent',
      'dependsOn',
      'tools',
      'timeLimitSeconds',
      '__proto__',
    );
    const tasks = fc.array(fc.dictionary(taskKey, leaf, small), { maxLength: 4 });
    const planKey = fc.constantFrom('plan', 'name', 'tasks', 'agents', 'minActive', 'timeLimit', '__proto__');
    const plan = fc.dictionary(planKey, fc.oneof(leaf, tasks), small);
    const value = fc.oneof(
      leaf,
      plan,
      plan.map((inner) => ({ plan: inner })),
      tasks,
    );
    fc.assert(
      fc.property(value, fc.constantFrom('json' as const, 'yaml' as const), (document, format) =>
        readOrRefuse(JSON.stringify(document), format),
      ),
      { numRuns: 300 },
    );
  });

  it('of any characters is a plan or a refusal', () => {
    const format = fc.constantFrom<PlanFormat | undefined>('markdown', 'json', 'yaml', undefined);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), format, (text, as) =>
        readOrRefuse(text, as),
      ),
      { numRuns: 300 },
    );
  });
});

describe('a document that is too much', () => {
  it('above 5 MB is refused before it is read, by its bytes', () => {
    for (const text of ['x'.repeat(PLAN_TEXT_LIMIT + 1), 'é'.repeat(PLAN_TEXT_LIMIT / 2 + 1)]) {
      const refusal = refusalOf({ text, format: 'json' });
      expect(refusal).toMatchObject({ code: 'payload_too_large', details: { limit: PLAN_TEXT_LIMIT } });
    }
  });

  it.each([
    ['quotes in quotes', '>'.repeat(1_000_000)],
    ['lists in lists on a line', '- '.repeat(500_000)],
    [
      'lists in lists by indent',
      Array.from({ length: 500 }, (_, depth) => `${' '.repeat(2 * depth)}- a`).join('\n'),
    ],
    ['lines', 'a\n'.repeat(MOST_LINES + 1)],
    ['line ends', '\n'.repeat(PLAN_TEXT_LIMIT - head.length)],
    ['columns', `${'|'.repeat(90)}\n`.repeat(20_000)],
  ])('in %s is refused', (_, body) => {
    const refusal = refusalOf({ text: head + body, format: 'markdown' });
    expect(refusal.code).toBe('validation_failed');
    expect(refusal.message).toMatch(/nested deeper|lines; at most|more lists, quotes and tables/);
  });

  // Unbounded, these took minutes or the stack; a hang fails by the time limit of a test.
  it.each([
    ['brackets', '['],
    ['stars', '*a '],
    ['pipes', '|'],
    ['backticks', '`a``b'],
    ['links', '[a]('],
    ['images', '!['],
    ['tags', '<a '],
    ['comments', '<!--'],
    ['underscores', '_a_ __'],
    ['entities', '&amp'],
    ['escapes', '\\'],
    ['numbers', '15 min ('],
    ['floors', 'always keep '],
    ['colons', 'a: '],
    ['controls', '\u0001'],
    ['surrogates', '\ud800'],
    ['spaces', ' '],
  ])('in %s on one line of 5 MB is read', (_, unit) => {
    const bytes = Buffer.byteLength(unit);
    const text = head + unit.repeat(Math.floor((PLAN_TEXT_LIMIT - head.length) / bytes));
    expect(readPlan({ text, format: 'markdown' }).plan.tasks).toHaveLength(1);
  });

  it.each([
    ['underlined lines', 'a\n=\n'],
    ['lines that go on', 'lazy\n'],
    ['bullets', '- a\n'],
    ['brackets', `${'['.repeat(90)}\n`],
    ['fences', '```\n'],
    ['comments', '<!-- a\n'],
    ['headings', '#### 1. a-b\n'],
    ['quotes', '> > > a\n'],
    ['rows', '|a|b|c|\n'],
  ])('in many lines of %s is read', (_, line) => {
    const text = `${head}\n> a\n${line.repeat(Math.floor(4000 / (line.split('\n').length - 1)))}`;
    check(readPlan({ text, format: 'markdown' }), text);
  });

  it('in tasks keeps as many as a plan can have, and says where the others begin', () => {
    const items = Array.from({ length: 5100 }, (_, index) => `1. **agent-${index}**: do it`);
    const text = ['# P', '## Agents', ...items].join('\n');
    const { plan, warnings } = readPlan({ text });
    expect(plan.tasks).toHaveLength(5000);
    expect(warnings).toContainEqual({ line: 5003, message: expect.stringContaining('at most 5,000') });
  });

  it('in broken text of 1 MB is repaired', () => {
    const text = `${head}${'ðŸŽ¯é'.repeat(100_000)}`;
    expect(
      readPlan({ text, format: 'markdown' }).warnings.some(({ message }) => message.includes('🎯')),
    ).toBe(true);
  });

  it('in edges keeps as many as a task can have', () => {
    const names = Array.from({ length: 600 }, (_, index) => `n${index}`);
    const text = ['# P graph', '```mermaid', 'graph TD', `${names.join(' & ')} --> z`, '```'].join('\n');
    const preview = readPlan({ text });
    check(preview, text);
    expect(preview.plan.tasks.find(({ key }) => key === 'z')?.dependsOn).toHaveLength(500);
  });

  it.each([
    ['[', 'json'],
    ['{"a":', 'json'],
    ['[', 'yaml'],
    ['{a: ', 'yaml'],
    ['- ', 'yaml'],
    ['? ', 'yaml'],
    ['&a *a ', 'yaml'],
    ['"', 'yaml'],
    ['[],', 'yaml'],
  ] as const)('of %s in %s is refused', (unit, format) => {
    const text = unit.repeat(Math.floor(PLAN_TEXT_LIMIT / unit.length));
    expect(refusalOf({ text, format }).code).toBe('validation_failed');
  });

  it('of aliases in aliases is refused', () => {
    const levels = Array.from(
      { length: 20 },
      (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join()}]`,
    );
    const text = ['a0: &a0 [x, x, x]', ...levels, 'tasks: *a20'].join('\n');
    expect(refusalOf({ text, format: 'yaml' }).message).toContain('aliases');
  });

  it('is cut into pieces that lose nothing, and never inside of a fence', () => {
    const lines = [
      '# P',
      ...Array<string>(500).fill('text'),
      '```',
      ...Array<string>(900).fill('# no heading'),
      '```',
      ...Array<string>(200).fill('- a'),
    ];
    const pieces = piecesOf(lines);
    expect(pieces.flatMap((each) => each.lines)).toEqual(lines);
    expect(pieces.length).toBeGreaterThan(3);
    for (const { lines: inside } of pieces)
      expect(inside.filter((line) => line === '```').length % 2).toBe(0);
    expect(pieces.map(({ first }) => lines[first - 1])).toEqual(pieces.map((each) => each.lines[0]));
  });

  it('has a depth that real documents do not reach', () => {
    const nested = Array.from(
      { length: DEEPEST_NESTING - 1 },
      (_, depth) => `${'  '.repeat(depth)}- level ${depth}`,
    ).join('\n');
    expect(readPlan({ text: `${head}\n${nested}` }).plan.tasks.length).toBeGreaterThan(0);
  });
});
