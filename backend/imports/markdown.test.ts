// Plans in Markdown: documents of our own in the forms that people write, read into tasks and warnings.
import { describe, expect, it } from 'vitest';
import { readPlan } from './index.ts';
import { edgesOf, fixture, refusalOf, taskNamed, warningsAt } from './testing.ts';

function read(...lines: string[]) {
  return readPlan({ text: lines.join('\n'), format: 'markdown' });
}

describe('an orchestration plan with waves, fields and a graph, its encoding broken', () => {
  const preview = readPlan({ text: fixture('harbour.md') });
  const { plan } = preview;

  it('has its name, floor and limit', () => {
    expect(plan).toMatchObject({
      name: '🎯 Harbour Archive Digitisation Plan',
      minActive: 3,
      timeLimitSeconds: 1200,
    });
  });

  it('has the tasks of the headings, of the lists and of the graph', () => {
    expect(plan.tasks.map(({ key, agent }) => [key, agent])).toEqual([
      ['box-surveyor', 'box-surveyor'],
      ['rights-clerk', 'rights-clerk'],
      ['caption-writer', 'caption-writer'],
      ['scan-operator', 'scan-operator'],
      ['index-builder', 'index-builder'],
      ['opening-exhibition', null],
    ]);
  });

  it('has each field of a task, and instructions in the words of the document', () => {
    expect(taskNamed(preview, 'box-surveyor')).toEqual({
      key: 'box-surveyor',
      title: 'Count photographs and note their condition',
      agent: 'box-surveyor',
      instructions: [
        'Count photographs and note their condition (20 min max)',
        '',
        'Tools:',
        '- Use `mcp__sheets__read_range` for the inventory of 1998',
        '- Use `mcp__camera-bridge__capture` to photograph each box',
        '- Ask the archivist about box 17',
        '',
        'Output: survey/boxes.md',
        '',
        'Success criteria:',
        '- Count every box',
        '- mark damaged prints',
        '- estimate 40,000-45,000 scans',
      ].join('\n'),
      output: 'survey/boxes.md',
      tools: [
        'mcp__sheets__read_range: for the inventory of 1998',
        'mcp__camera-bridge__capture: to photograph each box',
        'Ask the archivist about box 17',
      ],
      successCriteria: ['Count every box', 'mark damaged prints', 'estimate 40,000-45,000 scans'],
      dependsOn: [],
      timeLimitSeconds: 1200,
    });
    expect(taskNamed(preview, 'caption-writer').timeLimitSeconds).toBe(1500);
    expect(taskNamed(preview, 'scan-operator').title).toBe('Scan the first thousand photographs');
  });

  it('has exactly the edges of the graph', () => {
    expect(edgesOf(preview)).toEqual([
      'box-surveyor > scan-operator',
      'rights-clerk > scan-operator',
      'caption-writer > index-builder',
      'scan-operator > opening-exhibition',
      'index-builder > opening-exhibition',
    ]);
  });

  it('has deliverables and completion as its criteria, and no rule among its tasks', () => {
    expect(plan.successCriteria).toEqual([
      'Survey - what is in the boxes',
      'Scans - the first thousand',
      'All five have handed over',
      'The index finds “Lindqvist”',
    ]);
  });

  it('says what was repaired and what goes to the coordinator, each at its line', () => {
    expect(warningsAt(preview, 1)).toContain('🎯');
    expect(warningsAt(preview, 63)).toContain('goes to the coordinator');
    expect(preview.warnings.filter(({ message }) => !message.includes('repaired'))).toHaveLength(2);
  });
});

describe('a plan in lists, without a graph', () => {
  const preview = readPlan({ text: fixture('kitchen.md') });

  it('has tasks with nested fields, and dependencies from them', () => {
    expect(edgesOf(preview)).toEqual([
      'stock-checker > order-writer',
      'stock-checker > menu-planner',
      'order-writer > menu-planner',
    ]);
    expect(taskNamed(preview, 'stock-checker')).toMatchObject({
      title: 'Weigh what is left — and note it',
      tools: ['scale', 'mcp__ledger__append: for each weight'],
      output: 'kitchen/stock.csv',
      timeLimitSeconds: 600,
    });
    expect(taskNamed(preview, 'order-writer').timeLimitSeconds).toBe(900);
    expect(preview.plan.successCriteria).toEqual(['The order is sent', 'Nobody is hungry 🙂']);
  });

  it('says so when there are no dependencies at all, whatever the order of the waves', () => {
    const { plan, warnings } = read(
      '# P',
      '## Wave 1',
      '1. **a-one**: do this',
      '## Wave 2',
      '1. **b-two**: do that',
    );
    expect(plan.tasks.map(({ dependsOn }) => dependsOn)).toEqual([[], []]);
    expect(warnings).toEqual([{ line: 0, message: expect.stringContaining('no dependencies') }]);
  });
});

describe('other ways to write it', () => {
  it('reads other field names, with underlined headings, plain labels and lists that run on', () => {
    const preview = read(
      'Ledger plan',
      '===========',
      '',
      'Time limit per task: 45 min. Keep at least two agents active.',
      '',
      '## Agents',
      '### Agent 1: Quality Lead',
      'Task: Check the ledger <b>twice</b>',
      'and once more at night.',
      'Tools:',
      '* `mcp__ledger__read` – read entries',
      '* spreadsheet',
      'Deliverable: ledger.md',
      'Acceptance criteria: All rows match; no row is empty',
      'Time limit: 1 h',
      '### Agent 2: Data Clerk',
      '**Mission:** Enter the missing rows',
      '**Depends on:** Quality Lead',
    );
    expect(preview.plan).toMatchObject({ name: 'Ledger plan', minActive: 2, timeLimitSeconds: 2700 });
    expect(taskNamed(preview, 'quality-lead')).toMatchObject({
      agent: 'Quality Lead',
      title: 'Check the ledger twice',
      tools: ['mcp__ledger__read: read entries', 'spreadsheet'],
      output: 'ledger.md',
      successCriteria: ['All rows match', 'no row is empty'],
      timeLimitSeconds: 3600,
    });
    expect(edgesOf(preview)).toEqual(['quality-lead > data-clerk']);
    expect(preview.warnings).toEqual([]);
  });

  it('reads bold lines as headings, and fields that are headings', () => {
    const preview = read(
      '# P',
      '## Tasks',
      '**1. alpha-reader**',
      '- Task: read it',
      '',
      '**2. beta-writer**',
      '- Task: write it',
      '- After: alpha-reader',
      '## Steps',
      '### Collect logs',
      '#### Micro-task',
      'Collect all logs.',
      '#### Tools',
      '- grep',
      '#### Depends on',
      '- beta-writer',
    );
    expect(edgesOf(preview)).toEqual(['alpha-reader > beta-writer', 'beta-writer > collect-logs']);
    expect(taskNamed(preview, 'collect-logs')).toMatchObject({
      title: 'Collect logs',
      agent: null,
      tools: ['grep'],
    });
  });

  it('reads an agent field below a title, and tasks that are told apart by their agents', () => {
    const preview = read(
      '# P',
      '## Task 1: Look around',
      '- **Agent**: scout',
      '- **Task**: Look at everything',
      '## Task 2: Report',
      '- **Agent**: scout',
      '- **Task**: Say what was there',
      '- **Depends on**: Task 1',
    );
    expect(preview.plan.tasks.map(({ key, title, agent }) => [key, title, agent])).toEqual([
      ['look-around', 'Look around', 'scout'],
      ['report', 'Report', 'scout'],
    ]);
    expect(edgesOf(preview)).toEqual(['look-around > report']);
  });

  it('reads tables, by the names of their columns', () => {
    const preview = read(
      '# P',
      '## Tasks',
      '| ID | Agent | Task | Depends on | Time limit |',
      '| -- | ----- | ---- | ---------- | ---------- |',
      '| T1 | scout | Look | none | 5 min |',
      '| T2 | | Report | T1 | |',
      '| | | | T1 | |',
    );
    expect(preview.plan.tasks).toMatchObject([
      { key: 't1', agent: 'scout', title: 'Look', timeLimitSeconds: 300 },
      { key: 't2', agent: null, title: 'Report', dependsOn: ['t1'] },
    ]);
    expect(warningsAt(preview, 7)).toContain('not understood');
  });

  it('reads a plan that is only a graph', () => {
    const preview = read(
      '# Build workflow',
      '```mermaid',
      'graph LR',
      's((Start)) --> a[code-bot] --> b[Review]',
      '```',
    );
    expect(preview.plan.tasks.map(({ key, agent }) => [key, agent])).toEqual([
      ['code-bot', 'code-bot'],
      ['review', null],
    ]);
    expect(edgesOf(preview)).toEqual(['code-bot > review']);
  });

  it('reads dependencies that are sentences and arrows', () => {
    const preview = read(
      '# P',
      '## Agents',
      '1. **a-one**: x',
      '2. **b-two**: y',
      '3. **c-three**: z',
      '## Dependencies',
      '- b-two depends on a-one',
      '- a-one → c-three',
    );
    expect(edgesOf(preview)).toEqual(['a-one > b-two', 'a-one > c-three']);
  });

  it('lets a dependency name a whole wave, a number and a part of a name', () => {
    const preview = read(
      '# P',
      '## Wave 1: look',
      '#### 1. market-analyst',
      '- Task: x',
      '#### 2. risk-analyst',
      '- Task: y',
      '## Wave 2: write',
      '#### 3. report-writer',
      '- Task: z',
      '- Depends on: Wave 1',
      '#### 4. report-reader',
      '- Task: z',
      '- Depends on: 3, market',
    );
    expect(taskNamed(preview, 'report-writer').dependsOn).toEqual(['market-analyst', 'risk-analyst']);
    expect(taskNamed(preview, 'report-reader').dependsOn).toEqual(['report-writer', 'market-analyst']);
    expect(warningsAt(preview, 13)).toContain('market');
  });

  it('takes the given name before the heading, and front matter before nothing', () => {
    const text = '# Heading\n1. **a-b**: x\n## Tasks\n1. **a-b**: x';
    expect(readPlan({ text, name: 'Given' }).plan.name).toBe('Given');
    expect(
      read('---', 'title: "Front"', '---', '1. **a-b**: x', '', '- **Agent**: c', '  **Task**: y').plan.name,
    ).toBe('Front');
  });

  it('counts lines the same with other line ends, and with a byte order mark', () => {
    const text = fixture('harbour.md');
    const { plan, warnings } = readPlan({ text });
    expect(readPlan({ text: `\ufeff${text.replaceAll('\n', '\r\n')}` })).toEqual({ plan, warnings });
    expect(readPlan({ text: text.replaceAll('\n', '\r') })).toEqual({ plan, warnings });
  });
});

describe('what is not as it should be is said at its line', () => {
  const agents = ['# P', '## Agents', '#### a-one', '- Task: x'];

  it.each([
    ['an unknown name', ['- Depends on: ghost'], 5, 'No task is called “ghost”'],
    ['a task that waits for itself', ['- Depends on: a-one'], 5, 'depends on itself'],
    ['a limit out of range', ['- Time limit: 3 days'], 5, '86400 was taken'],
    ['a limit that is none', ['- Time limit: soon'], 5, 'no time limit'],
    ['a field that is none', ['- **Mood**: calm'], 5, 'kept in the instructions'],
    ['a name that was used before', ['#### a-one', '- Task: y'], 5, '“a-one-2”'],
    ['an item that is no task', ['## Agents', '- something else'], 6, 'not understood'],
    ['a title that is too long', ['## Tasks', `1. **b-two**: ${'long '.repeat(60)}`], 6, 'was cut'],
    ['a line that is too long', [`- Notes: ${'x'.repeat(30_000)}`], 5, 'longer than 20,000'],
    ['a control character', ['- Output: a\u0007b'], 5, 'Control characters'],
    ['another kind of diagram', ['```mermaid', 'gantt', '```'], 5, 'no Mermaid flowchart'],
    [
      'a diagram of something else',
      ['```mermaid', 'graph LR', 'browser --> server', '```'],
      5,
      'none of the tasks',
    ],
    ['several agents', ['- Agent: b, c'], 5, 'one agent'],
  ])('%s', (...[, lines, line, message]) => {
    expect(warningsAt(read(...agents, ...lines), line)).toContain(message);
  });

  it('a cycle, with its name, and the rest of the graph stays', () => {
    const preview = read(
      '# P',
      '## Agents',
      '1. **a-one**: x',
      '2. **b-two**: x',
      '3. **c-three**: x',
      '```mermaid',
      'graph LR',
      'a-one --> b-two --> c-three',
      'c-three --> a-one',
      '```',
    );
    expect(edgesOf(preview)).toEqual(['a-one > b-two', 'b-two > c-three']);
    expect(warningsAt(preview, 9)).toContain('a-one → b-two → c-three → a-one');
  });

  it('what a comment hides is no task, and HTML is text', () => {
    const preview = read(
      ...agents,
      '<script>alert(1)</script>',
      '',
      '<!-- #### b-two',
      '- Task: y -->',
      '#### c-three',
      '- Task: z',
    );
    expect(preview.plan.tasks.map(({ key }) => key)).toEqual(['a-one', 'c-three']);
    expect(taskNamed(preview, 'a-one').instructions).toContain('<script>');
  });

  it('a document without a task is refused', () => {
    for (const text of [
      '# Only a heading\n\nAnd a paragraph.',
      'hello',
      '- a\n- b',
      '# Notes\n1. one\n2. two',
    ]) {
      const refusal = refusalOf({ text });
      expect(refusal.code).toBe('validation_failed');
      expect(refusal.details.fields).toEqual([{ path: 'text', message: expect.stringContaining('No task') }]);
    }
    expect(refusalOf({ text: ' \n\n ' }).message).toContain('empty');
  });
});
