// Plans in JSON and YAML: the plan's own shape and people's variants of it, and refusals that say where.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plannedPlan } from '../../shared/plan.ts';
import { readPlan } from './index.ts';
import { edgesOf, fixture, refusalOf, warningsAt } from './testing.ts';

function json(value: unknown) {
  return readPlan({ text: JSON.stringify(value, null, 2), format: 'json' });
}

function refused(value: unknown) {
  return refusalOf({ text: JSON.stringify(value, null, 2), format: 'json' });
}

const task = { key: 'a', title: 'A', agent: 'a-bot' };

describe('a plan in its own shape', () => {
  const text = fixture('orchard.json');

  it('is read as it is', () => {
    expect(readPlan({ text }).plan).toEqual(JSON.parse(text));
  });

  it('goes round: an exported preview is read to itself, whichever way it came', () => {
    for (const name of ['orchard.json', 'orchard.yaml', 'harbour.md', 'kitchen.md']) {
      const preview = readPlan({ text: fixture(name) });
      expect(json(preview).plan).toEqual(preview.plan);
      expect(readPlan({ text: JSON.stringify(preview.plan), format: 'yaml' }).plan).toEqual(preview.plan);
    }
  });

  it('goes round with any text that a plan may hold', () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map((text) => `t${text.replace(/[\p{Cc}\p{Cf}\s]/gu, '')}`);
    const plan = fc.record({
      name: line,
      minActive: fc.integer({ min: 0, max: 1000 }),
      timeLimitSeconds: fc.integer({ min: 1, max: 86_400 }),
      tasks: fc.uniqueArray(
        fc.record({
          key: line,
          title: line,
          agent: fc.option(line),
          instructions: line,
          output: fc.option(line),
          tools: fc.constant(['x']),
          timeLimitSeconds: fc.integer({ min: 1, max: 86_400 }),
        }),
        { minLength: 1, maxLength: 5, selector: ({ key }) => key },
      ),
    });
    fc.assert(
      fc.property(plan, (value) => {
        expect(json(value).plan).toEqual(plannedPlan.parse(value));
      }),
    );
  });
});

describe('a plan that people wrote', () => {
  it('is read with the names that they give', () => {
    expect(readPlan({ text: fixture('orchard.yaml') }).plan).toEqual(
      readPlan({ text: fixture('orchard.json') }).plan,
    );
  });

  it('may leave out what can be found, and gets keys that differ', () => {
    const { plan } = json({
      agents: [
        { name: 'x-bot', task: 'Do it.\nAnd more.' },
        { name: 'x-bot', task: 'Again', after: 'x-bot' },
      ],
    });
    expect(plan.tasks).toMatchObject([
      { key: 'x-bot', agent: 'x-bot', title: 'Do it.' },
      { key: 'x-bot-2', agent: 'x-bot', title: 'Again', dependsOn: ['x-bot'] },
    ]);
    expect(plan.name).toBe('Imported plan');
    expect(json([task]).plan.tasks).toHaveLength(1);
    expect(json({ tasks: { one: { title: 'x' } } }).plan.tasks[0]?.key).toBe('one');
  });

  it('has warnings at its lines', () => {
    const text = [
      'name: P',
      'colour: red',
      'minActive: 5000',
      'tasks:',
      '  - {key: a, title: A}',
      '  - key: b',
      '    title: B',
      '    dependsOn: [b]',
    ];
    const preview = readPlan({ text: text.join('\n') });
    expect(warningsAt(preview, 2)).toContain('colour');
    expect(warningsAt(preview, 3)).toContain('1000 was taken');
    expect(warningsAt(preview, 5)).toContain('coordinator');
    expect(warningsAt(preview, 8)).toContain('depends on itself');
  });

  it('has its cycles broken, with a warning that names them', () => {
    const preview = json({
      name: 'P',
      tasks: [
        { ...task, dependsOn: ['b'] },
        { ...task, key: 'b', dependsOn: ['a'] },
      ],
    });
    expect(edgesOf(preview)).toEqual(['a > b']);
    expect(preview.warnings).toEqual([{ line: 8, message: expect.stringContaining('a → b → a') }]);
  });
});

describe('a plan that cannot be used', () => {
  it.each([
    [
      { name: 'P', tasks: [task, task, task, { ...task, key: 'd', dependsOn: ['nope'] }] },
      'tasks.3.dependsOn.0',
    ],
    [{ name: 'P', tasks: [task, task] }, 'tasks.1.key'],
    [{ name: 'P', tasks: [{ ...task, title: {} }] }, 'tasks.0.title'],
    [{ name: 'P', tasks: [{ key: 'a', agent: null, title: '', instructions: '' }] }, ''],
    [{ name: 'P', tasks: [{ ...task, tools: 5 }] }, 'tasks.0.tools'],
    [{ name: 'P', tasks: [{ ...task, tools: [{}] }] }, 'tasks.0.tools.0'],
    [{ name: 'P', tasks: [{ ...task, timeLimit: 'soon' }] }, 'tasks.0.timeLimit'],
    [{ name: 'P', tasks: ['a'] }, 'tasks.0'],
    [{ name: 'P', tasks: [task], minActive: 'many' }, 'minActive'],
    [{ name: [], tasks: [task] }, 'name'],
    [{ plan: { name: 'P', tasks: [{ ...task, tools: 5 }] } }, 'plan.tasks.0.tools'],
    [{ name: 'P', tasks: [] }, 'tasks'],
    [{ name: 'P' }, 'tasks'],
    [7, 'text'],
  ])('%j is refused at %s', (value, path) => {
    if (path === '') return expect(json(value).plan.tasks[0]?.title).toBe('a');
    const refusal = refused(value);
    expect(refusal.code).toBe('validation_failed');
    expect(refusal.details.fields?.map((field) => field.path)).toContain(path);
  });

  it.each([
    ['{"name": "P",\n "tasks": [}', 'line 2, column 12', 'Remove the comma'],
    ['{"name": "P",\n tasks: []}', 'line 2, column 2', 'double quotes'],
    ["{'name': 1}", 'line 1, column 2', 'double quotes'],
    ['{"name": "P"\n "x": 1}', 'line 2, column 2', 'comma'],
    ['{"name": "P", "tasks": [1, 2', 'line 1, column 29', 'ends too early'],
    ['{"name": "P\n"}', 'line 1, column 10', 'end of its line'],
    ['{"name": tru}', 'line 1, column 10', 'double quotes'],
    ['{"a": 1} x', 'line 1, column 10', 'after the end'],
    ['{"a": "\\x"}', 'line 1, column 7', 'backslash'],
    ['{"a" 1}', 'line 1, column 6', 'colon'],
    ['{"a": 1, // why\n}', 'line 1, column 10', 'comments'],
  ])('JSON that does not parse is refused where it breaks: %s', (text, place, fix) => {
    const refusal = refusalOf({ text, format: 'json' });
    expect(refusal.code).toBe('validation_failed');
    expect(refusal.message).toContain(place);
    expect(refusal.message).toContain(fix);
    expect(refusal.details.fields).toEqual([{ path: 'text', message: refusal.message }]);
  });

  it.each([
    ['tasks:\n  - a: b\n c: d', 'line 3', 'indentation'],
    ['tasks:\n\t- a: b', 'line 2', 'spaces'],
    ['name: "P\ntasks: []', 'line', 'quotes'],
    ['a: b: c', 'line 1', 'quotes'],
    ['a: 1\n---\nb: 2', 'Line 2', 'Keep one'],
    ['a: *nothing', 'alias', 'Write the values out'],
  ])('YAML that does not parse is refused where it breaks: %s', (text, place, fix) => {
    const refusal = refusalOf({ text, format: 'yaml' });
    expect(refusal.code).toBe('validation_failed');
    expect(refusal.message).toContain(place);
    expect(refusal.message).toContain(fix);
  });

  it('a key that is given twice counts once, and is reported', () => {
    const text = '{"name": "P", "name": "Q", "tasks": [{"title": "x", "agent": "y"}]}';
    for (const format of ['json', 'yaml'] as const) {
      const preview = readPlan({ text, format });
      expect(preview.plan.name).toBe('Q');
      expect(warningsAt(preview, 1)).toContain('twice');
    }
  });

  it('a key called __proto__ is only a key', () => {
    for (const format of ['json', 'yaml'] as const) {
      const text = '{"__proto__": {"polluted": 1}, "tasks": [{"__proto__": {"agent": "x"}, "title": "t"}]}';
      const { plan } = readPlan({ text, format });
      expect(plan.tasks[0]?.agent).toBeNull();
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }
  });
});

describe('the format', () => {
  it.each([
    ['orchard.json', 'json'],
    ['orchard.yaml', 'yaml'],
    ['harbour.md', 'markdown'],
    ['kitchen.md', 'markdown'],
  ] as const)('of %s is found', (name, format) => {
    const text = fixture(name);
    expect(readPlan({ text })).toEqual(readPlan({ text, format }));
  });

  it('of a list of tasks in Markdown is not taken for YAML', () => {
    const { plan } = readPlan({ text: '## Tasks\n\ntasks:\n\n- **a-b**: x\n' });
    expect(plan.tasks[0]).toMatchObject({ key: 'a-b', title: 'x' });
  });
});
