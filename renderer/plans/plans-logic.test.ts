// What a plan becomes between its document and its screen: form, lines, examples, words.
import { describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../shared/agent.ts';
import type { PlanNode, PlanPreview } from '../../shared/plan.ts';
import { PLAN_TEXT_LIMIT } from '../../shared/schema.ts';
import { agents, plan } from '../stories/fixtures.ts';
import { carriesFile, measurePasted, readDropped } from './document.ts';
import { describeExample, examplePlans } from './examples.ts';
import {
  checkForm,
  coordinatorLacks,
  formOf,
  needsRunner,
  newAgentsOf,
  standingOf,
  toPlanInput,
  type PlanForm,
} from './planForm.ts';
import { actionsNow, cardOf, floorNote, progressParts, secondsOf, termsOf } from './planView.ts';
import { clampLine, groupWarnings, inOrder, linesOf } from './source.ts';

const task = (key: string, agent: string | null, timeLimitSeconds = 900) => ({
  key,
  title: key,
  agent,
  instructions: '',
  output: null,
  tools: [],
  successCriteria: [],
  dependsOn: [],
  timeLimitSeconds,
});
const preview: PlanPreview = {
  plan: {
    name: 'P',
    minActive: 2,
    timeLimitSeconds: 900,
    tasks: [task('a', 'Newcomer'), task('b', 'newcomer', 60), task('c', 'TEST-engineer'), task('d', null)],
    successCriteria: [],
  },
  warnings: [],
};
const bare: Agent[] = agents.map((agent) => (agent.builtIn ? { ...agent, provider: null } : agent));

describe('the agents of a preview', () => {
  test('are the same whatever their case; nobody and the coordinator are the coordinator', () => {
    expect(standingOf('Test-Engineer', agents)).toBe('exists');
    expect(standingOf('newcomer', agents)).toBe('new');
    expect(standingOf(null, agents)).toBe('coordinator');
    expect(standingOf('Coordinator', agents)).toBe('coordinator');
    expect(newAgentsOf(preview, agents)).toEqual(['Newcomer']);
  });
  test('that were retired are new again', () => {
    const retired = agents.map((agent): Agent => ({ ...agent, status: 'retired' }));
    expect(standingOf('test-engineer', retired)).toBe('new');
  });
  test('need somebody to say what runs them, and so does a coordinator that nothing runs', () => {
    const known = {
      ...preview,
      plan: { ...preview.plan, tasks: [task('c', 'test-engineer'), task('d', null)] },
    };
    expect(needsRunner(preview, agents)).toBe(true);
    expect(needsRunner(known, agents)).toBe(false);
    expect(coordinatorLacks(known, bare)).toBe(1);
    expect(needsRunner(known, bare)).toBe(true);
  });
});

describe('the form', () => {
  const form: PlanForm = { ...formOf(preview), name: '  Mine ', timeLimitMinutes: 20 };
  test('chooses nothing for the person, and asks', () => {
    expect(formOf(preview).runner).toBeNull();
    expect(checkForm(form, true)).toEqual({ runner: 'Choose what runs the new agents.' });
    expect(checkForm(form, false)).toEqual({});
    expect(
      checkForm({ ...form, runner: { kind: 'hosted', accountId: null, model: null } }, true).runner,
    ).toContain('account');
  });
  test('names what cannot be taken', () => {
    expect(checkForm({ ...form, name: ' ', minActive: 1.5, timeLimitMinutes: 0 }, false)).toEqual({
      name: 'Write something here.',
      minActive: 'Use 0 to 1000.',
      timeLimitMinutes: 'Use up to 1440 minutes.',
    });
    expect(checkForm({ ...form, timeLimitMinutes: Number.NaN }, false)).toHaveProperty('timeLimitMinutes');
  });
  test('becomes the plan: tasks with the plan’s limit follow it, those with their own keep it', () => {
    const input = toPlanInput(preview, { ...form, runner: { kind: 'hosted', accountId: 'x', model: 'm' } });
    expect(input).toMatchObject({
      name: 'Mine',
      minActive: 2,
      timeLimitSeconds: 1_200,
      newAgents: { kind: 'hosted', provider: { accountId: 'x', model: 'm' } },
    });
    expect(input.tasks.map(({ timeLimitSeconds }) => timeLimitSeconds)).toEqual([1_200, 60, 1_200, 1_200]);
    expect(toPlanInput(preview, { ...form, runner: { kind: 'external' } }).newAgents).toEqual({
      kind: 'external',
    });
    expect(toPlanInput(preview, form)).not.toHaveProperty('newAgents');
  });
});

describe('the source', () => {
  test('has the lines that warnings count, whatever ends them', () => {
    expect(linesOf('a\r\nb\nc\rd')).toEqual(['a', 'b', 'c', 'd']);
    expect(linesOf('')).toEqual(['']);
  });
  test('keeps warnings within it and in its order', () => {
    expect([clampLine(0, 3), clampLine(9, 3), clampLine(-1, 3)]).toEqual([0, 3, 0]);
    const warnings = [
      { line: 5, message: 'b' },
      { line: 0, message: 'a' },
      { line: 5, message: 'c' },
    ];
    expect(inOrder(warnings).map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  });
  test('warnings that say the same of many lines are one, at the place of the first', () => {
    const repaired = (line: number, word: string) => ({ line, message: `Text was repaired: “${word}” reads “x”.` });
    const unknown = (line: number) => ({ line, message: `“key-${line}” is no task of this plan. It is left out.` });
    const groups = groupWarnings([unknown(9), repaired(7, 'c'), repaired(3, 'a'), unknown(4), repaired(5, 'b')]);
    expect(groups.map(({ gist, warnings }) => [gist, warnings.map(({ line }) => line)])).toEqual([
      ['Text was repaired.', [3, 5, 7]],
      ['“key-4” is no task of this plan. It is left out.', [4]],
      ['“key-9” is no task of this plan. It is left out.', [9]],
    ]);
  });
});

describe('a document', () => {
  test('that is too large is refused before it is read', async () => {
    const file = new File(['x'], 'big.md');
    Object.defineProperty(file, 'size', { value: 6_000_000 });
    const text = vi.spyOn(file, 'text');
    await expect(readDropped(file)).rejects.toMatchObject({
      code: 'payload_too_large',
      message: 'big.md has 6.0 MB; a plan is at most 5.0 MB.',
    });
    expect(text).not.toHaveBeenCalled();
  });
  test('that is empty, or a folder, is refused; any other is its text', async () => {
    await expect(readDropped(new File([' \n'], 'a.md'))).rejects.toMatchObject({ message: 'a.md is empty.' });
    const folder = new File([], 'folder');
    vi.spyOn(folder, 'text').mockRejectedValue(new Error('NotReadable'));
    await expect(readDropped(folder)).rejects.toMatchObject({ code: 'not_found' });
    await expect(readDropped(new File(['# Plan'], 'a.md'))).resolves.toEqual({
      name: 'a.md',
      text: '# Plan',
    });
  });
  test('that is pasted is measured in bytes', () => {
    expect(measurePasted('a'.repeat(PLAN_TEXT_LIMIT))).toBeNull();
    expect(measurePasted('ä'.repeat(PLAN_TEXT_LIMIT / 2 + 1))).toMatchObject({ code: 'payload_too_large' });
  });
  test('is what a drag carries, or not', () => {
    expect(carriesFile({ types: ['Files'] })).toBe(true);
    expect(carriesFile({ types: ['text/plain'] })).toBe(false);
    expect(carriesFile(null)).toBe(false);
  });
});

test('an example is named by its heading without decoration, and told by its first sentence', () => {
  expect(
    describeExample('../x/first-plan.md', '# 🚦 **First** plan\n\nOne look. Then\nanother.\n\n- a'),
  ).toMatchObject({
    name: 'First plan',
    about: 'One look.',
    file: 'first-plan.md',
  });
  expect(describeExample('../x/bare.md', 'no heading')).toMatchObject({ name: 'bare' });
});

test('the bundled examples are there, each with a name and a text', () => {
  expect(examplePlans.length).toBeGreaterThan(0);
  for (const example of examplePlans)
    expect(example).toMatchObject({
      name: expect.stringMatching(/^\p{L}/u),
      text: expect.stringContaining('#'),
    });
});

describe('a plan on its page', () => {
  test('offers what its state allows', () => {
    expect(actionsNow('draft')).toEqual({
      start: { label: 'Start', shown: true },
      pause: false,
      cancel: null,
    });
    expect(actionsNow('running')).toMatchObject({ start: { shown: false }, pause: true, cancel: null });
    expect(actionsNow('paused').start).toEqual({ label: 'Resume', shown: true });
    expect(actionsNow('failed').start.shown).toBe(false);
    expect(actionsNow('succeeded').cancel).toBe('It has succeeded already.');
  });
  test('says that its floor holds, or why not', () => {
    const floor = { target: 5, running: 5, runnable: 7, reason: null };
    const { tasks } = plan;
    expect(floorNote({ state: 'running', floor, tasks })).toEqual({ tone: 'held', words: '5 of floor 5 running' });
    const queued = tasks.map((task) => ({ ...task, state: 'queued' as const }));
    const below = { ...floor, running: 2, runnable: 2, reason: '2 run: agent x is paused.' };
    expect(floorNote({ state: 'running', floor: below, tasks: queued })).toEqual({
      tone: 'below',
      words: '2 of floor 5 running. 2 run: agent x is paused.',
    });
    expect(floorNote({ state: 'paused', floor: { ...floor, running: 1 }, tasks })?.words).toContain(
      '1 task still runs',
    );
    expect(floorNote({ state: 'succeeded', floor, tasks })).toBeNull();
  });
  test('is nothing to look into towards its end, where the rest waits for what runs, and is where something is stuck', () => {
    const floor = { target: 5, running: 1, runnable: 1, reason: '1 runs: 1 waits for dependencies; 9 are done.' };
    const [first, second, ...others] = plan.tasks;
    const ended = others.map((task) => ({ ...task, state: 'succeeded' as const, waitReason: null }));
    const toneWith = (last: Partial<PlanNode>, changed: Partial<typeof floor> = {}) =>
      floorNote({
        state: 'running',
        floor: { ...floor, ...changed },
        tasks: [...ended, { ...first!, state: 'running', waitReason: null }, { ...second!, ...last }],
      })?.tone;
    expect(toneWith({ state: 'waiting', waitReason: 'dependency' })).toBe('held');
    expect(toneWith({ state: 'waiting', waitReason: 'approval' })).toBe('below');
    expect(toneWith({ state: 'waiting', waitReason: 'dependency_failed' })).toBe('below');
    // Queued: it is being started, or its agent cannot take it.
    expect(toneWith({ state: 'queued', waitReason: null }, { runnable: 2 })).toBe('held');
    expect(toneWith({ state: 'queued', waitReason: null })).toBe('below');
  });
  test('reads its terms, its progress and its time', () => {
    expect(termsOf({ minActive: 5, timeLimitSeconds: 900 })).toBe('floor 5 · 15 min each');
    expect(termsOf({ minActive: 0, timeLimitSeconds: 90 })).toBe('no floor · 1 min 30 s each');
    expect(progressParts(plan.counts)[0]).toEqual({ state: 'succeeded', value: plan.counts.succeeded });
    const started = '2026-11-20T12:00:00Z';
    expect(secondsOf({ state: 'draft', startedAt: null, finishedAt: null }, 0)).toBeNull();
    expect(
      secondsOf({ state: 'running', startedAt: started, finishedAt: null }, Date.parse(started) + 90_500),
    ).toBe(90);
    expect(secondsOf({ state: 'succeeded', startedAt: started, finishedAt: '2026-11-20T12:01:00Z' }, 0)).toBe(
      60,
    );
  });
  test('shows a gate as a person’s', () => {
    const gate = plan.tasks.find(({ kind }) => kind === 'approval');
    expect(gate && cardOf(gate).agent).toBe('a person');
  });
});
