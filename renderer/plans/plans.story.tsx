// Plans: the list, a plan at work, two hundred nodes, the import and its preview, and the ways they can fail.
import { useEffect, useRef, type ReactNode } from 'react';
import type { Plan, PlanNode, PlanPreview } from '../../shared/plan.ts';
import { AppError } from '../../shared/errors.ts';
import { useRoute } from '../app/routes.ts';
import { emptyWorkspace, failing, pending } from '../stories/bridge.ts';
import { makeTask, meAs, plan, planSummaries, uuid } from '../stories/fixtures.ts';
import { defineStories } from '../stories/story.ts';
import { useDraft } from './draft.tsx';
import { PlansScreen } from './PlansScreen.tsx';

const open = `/plans/${plan.id}`;

/** Twenty columns of ten, each node after two of the column before. */
function makeManyNodes(count: number): PlanNode[] {
  const states = [
    'succeeded',
    'succeeded',
    'succeeded',
    'running',
    'queued',
    'waiting',
    'waiting',
    'waiting',
  ] as const;
  return Array.from({ length: count }, (_, index): PlanNode => {
    const column = Math.floor(index / 10);
    const state = states[Math.min(7, Math.floor(column / 2.5))] ?? 'waiting';
    const before = (row: number): string => `n${(column - 1) * 10 + (row % 10)}`;
    const task = makeTask(900 + index, {
      id: uuid('2', 900 + index, 9_000 - index),
      state,
      planId: plan.id,
      planKey: `n${index}`,
      handoffs: index % 17 === 0 ? 2 : 0,
    });
    return {
      ...task,
      key: `n${index}`,
      dependsOn: column === 0 ? [] : [before(index), before(index + 3)],
      output: null,
      successCriteria: [],
    };
  });
}
const many: Plan = {
  ...plan,
  name: 'Certification of the whole fleet in eleven markets with all of its suppliers',
  minActive: 40,
  tasks: makeManyNodes(200),
  counts: { ...plan.counts, total: 200, succeeded: 75, running: 20, queued: 30, waiting: 75 },
  floor: {
    target: 40,
    running: 20,
    runnable: 24,
    reason:
      '20 run: agent safety-auditor is external and offline (12 queued); agent translator is paused (4 queued); 75 wait for dependencies; 75 are done.',
  },
};

const source = `# Release readiness

Keep 4 agents active.

#### 1. change-reader
- **MICRO-TASK**: List what has changed since the last release (15 min max)
- **OUTPUT**: \`reports/changes.md\`

#### 2. test-engineer
- **MICRO-TASK**: Read the last test runs and sort failures from flaky tests
- **SUCCESS CRITERIA**: Give a cause for each failure

#### 3. (nobody)
- **MICRO-TASK**: Weigh what was found
- **DEPENDS ON**: change-reader, test-engineer, budget-owner

## Success criteria
- Every failure has a cause
- The decision is written down
`;
const preview: PlanPreview = {
  plan: {
    name: 'Release readiness',
    minActive: 4,
    timeLimitSeconds: 900,
    tasks: [
      {
        key: 'change-reader',
        title: 'List what has changed since the last release',
        agent: 'change-reader',
        instructions: '',
        output: 'reports/changes.md',
        tools: [],
        successCriteria: [],
        dependsOn: [],
        timeLimitSeconds: 900,
      },
      {
        key: 'test-engineer',
        title: 'Read the last test runs and sort failures from flaky tests',
        agent: 'test-engineer',
        instructions: '',
        output: null,
        tools: [],
        successCriteria: ['Give a cause for each failure'],
        dependsOn: [],
        timeLimitSeconds: 900,
      },
      {
        key: 'weigh',
        title: 'Weigh what was found',
        agent: null,
        instructions: '',
        output: null,
        tools: [],
        successCriteria: [],
        dependsOn: ['change-reader', 'test-engineer'],
        timeLimitSeconds: 1_200,
      },
    ],
    successCriteria: ['Every failure has a cause', 'The decision is written down'],
  },
  warnings: [
    { line: 0, message: 'The document names no time limit. Each task gets 15 minutes.' },
    { line: 13, message: 'No agent is named here. The task goes to the coordinator.' },
    { line: 15, message: '“budget-owner” is no task of this plan. The dependency is left out.' },
  ],
};

/** Opens a document as a drop would. */
function Opened({ text, children }: { text: string; children: ReactNode }) {
  const { open } = useDraft();
  const { search } = useRoute();
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || search.import === '1') return;
    begun.current = true;
    open({ name: 'release.md', text });
  }, [open, search, text]);
  return children;
}
const opened = (text: string) => ({
  frame: 'shell' as const,
  path: '/plans',
  render: () => (
    <Opened text={text}>
      <PlansScreen />
    </Opened>
  ),
});

export const stories = defineStories('plans', {
  some: { path: '/plans' },
  empty: { path: '/plans', handlers: emptyWorkspace },
  loading: { path: '/plans', handlers: { 'plans.list': pending } },
  failing: {
    path: '/plans',
    handlers: { 'plans.list': failing('unavailable', 'The backend does not answer.') },
  },
  plan: { path: open },
  tasks: { path: `${open}?view=list` },
  step: { path: `${open}?step=safety` },
  manyNodes: { path: open, handlers: { 'plans.get': () => many } },
  draft: {
    path: open,
    handlers: {
      'plans.get': () => ({
        ...plan,
        state: 'draft',
        startedAt: null,
        findings: [],
        urgentIssues: [],
        successCriteria: [],
        tasks: plan.tasks.map((node) => ({
          ...node,
          state: 'waiting',
          waitReason: 'plan_not_started',
          startedAt: null,
          attempt: 0,
        })),
      }),
    },
  },
  planLoading: { path: open, handlers: { 'plans.get': pending } },
  planFailing: {
    path: open,
    handlers: {
      'plans.get': failing(
        'not_found',
        'No such plan. It may have been deleted, or the id is of another workspace.',
      ),
    },
  },
  report: {
    path: `${open}?report=1`,
    handlers: {
      'plans.report': () =>
        '# Release 4.2\n\nRunning since 17:13. **3 of 11** tasks have succeeded.\n\n| task | state | agent |\n| --- | --- | --- |\n| Scope of release 4.2 | succeeded | release-planner |\n| Audit the safety case | running | safety-auditor |\n\n## Urgent issues\n\n- Emergency stop is debounced for 400 ms\n\n## Success criteria\n\n- [x] Scope agreed and written down\n- [ ] Every hazard has a test\n',
    },
  },
  viewer: { path: open, me: meAs('viewer') },
  import: { path: '/plans?import=1' },
  preview: { ...opened(source), handlers: { 'plans.import': () => preview } },
  refused: {
    ...opened('tasks:\n  - key: a\n'),
    handlers: {
      'plans.import': () => {
        throw new AppError('validation_failed', 'The document cannot be read as a plan.', {
          details: { fields: [{ path: 'text', message: 'Line 2: the task “a” has no title.' }] },
        });
      },
    },
  },
  many: {
    path: '/plans',
    handlers: {
      'plans.list': () => ({
        items: Array.from({ length: 60 }, (_, index) => ({
          ...planSummaries[index % 4],
          id: uuid('c', 100 + index, 1_000 * index),
          name: `${planSummaries[index % 4]?.name} ${index + 1}`,
        })),
        nextCursor: null,
      }),
    },
  },
});
